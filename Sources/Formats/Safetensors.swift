import Foundation

/// The safetensors format: named arrays behind a JSON header.
///
/// Eight bytes of header length, the header padded with spaces to a multiple of eight, then the tensors without
/// gaps. Files written here are accepted by the reference implementation and the other way round.
///
/// Source: github.com/huggingface/safetensors, README, "Format".
public enum Safetensors {
    /// The longest header that is read, as in the reference implementation.
    public static let headerLimit = 100_000_000

    /// The name, type and shape of a tensor to be written.
    public struct Entry: Equatable, Sendable {
        /// The tensor's key.
        public let name: String
        /// The type of its elements.
        public let scalarType: ScalarType
        /// The size of each axis.
        public let shape: [Int]

        /// Describes a tensor.
        public init(name: String, scalarType: ScalarType, shape: [Int]) {
            self.name = name
            self.scalarType = scalarType
            self.shape = shape
        }

        /// The number of bytes that the tensor occupies.
        public var byteCount: Int { shape.reduce(scalarType.byteWidth, *) }
    }

    /// Maps a file and checks its header; the tensors are read from disk as they are used.
    ///
    /// - Throws: `FormatError.file`, with a case for each way in which a file can be malformed.
    public static func read(_ url: URL) throws -> SafetensorsFile {
        try InputFile.parse(url) { try SafetensorsFile($0) }
    }

    /// Writes tensors one after the other, so that no more than one need be in memory, and replaces the file
    /// atomically.
    ///
    /// Wider types come first, then names in order, as the reference implementation has it:
    /// so tensors are aligned, and the same content always gives the same file.
    ///
    /// - Parameters:
    ///   - entries: what will be written, in any order.
    ///   - metadata: strings for the header.
    ///   - checksumKey: if given, the metadata gets under this key the SHA-256 of the whole file, in which 64 zeros stand for
    ///     the checksum itself.
    ///   - url: the destination.
    ///   - followsLinks: as `AtomicFile.write`.
    ///   - bytes: called once for each entry, in the order of the file; must return `entry.byteCount` bytes.
    /// - Throws: `FormatError.file` where the file cannot be written; an error of `bytes` as it is.
    /// - Precondition: names are distinct, and none is `__metadata__`.
    public static func write(
        _ entries: [Entry], metadata: [String: String] = [:], checksumKey: String? = nil, to url: URL,
        followsLinks: Bool = true, bytes: (Entry) throws -> Data
    ) throws {
        var metadata = metadata
        let ordered = fileOrder(entries)
        let hash = SHA256()
        // The checksum stands before most of the bytes that it covers. A placeholder of the same length keeps the place,
        // and the true header is written over it at the end.
        if let checksumKey { metadata[checksumKey] = checksumPlaceholder }
        try AtomicFile.write(to: url, followsLinks: followsLinks) { sink in
            let start = header(ordered, metadata)
            hash.update(start)
            try sink.write(start)
            for entry in ordered {
                let data = try bytes(entry)
                precondition(
                    data.count == entry.byteCount,
                    "Tensor \(entry.name) needs \(entry.byteCount) bytes and was given \(data.count).")
                if checksumKey != nil { hash.update(data) }
                try sink.write(data)
            }
            guard let checksumKey else { return }
            metadata[checksumKey] = hash.finalize()
            try sink.seek(to: 0)
            try sink.write(header(ordered, metadata))
        }
    }

    /// Writes arrays that are already in memory.
    ///
    /// - Throws: `FormatError.file` where the file cannot be written.
    /// - Precondition: no array is named `__metadata__`.
    public static func write(
        _ arrays: [String: RawArray], metadata: [String: String] = [:], checksumKey: String? = nil,
        to url: URL, followsLinks: Bool = true
    ) throws {
        let entries = arrays.map { Entry(name: $0, scalarType: $1.scalarType, shape: $1.shape) }
        try write(
            entries, metadata: metadata, checksumKey: checksumKey, to: url, followsLinks: followsLinks
        ) { entry in
            arrays[entry.name]?.data ?? Data()
        }
    }

    /// Stands for a checksum while it is computed.
    static let checksumPlaceholder = String(repeating: "0", count: 64)

    private static func fileOrder(_ entries: [Entry]) -> [Entry] {
        entries.sorted { ($1.scalarType.byteWidth, $0.name) < ($0.scalarType.byteWidth, $1.name) }
    }

    private static func header(_ ordered: [Entry], _ metadata: [String: String]) -> Data {
        var names: Set<String> = ["__metadata__"]
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(jsonString($0)):\(jsonString($1))" }
            members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var offset = 0
        for entry in ordered {
            precondition(names.insert(entry.name).inserted, "Two tensors named \(entry.name) in one file.")
            let shape = entry.shape.map(String.init).joined(separator: ",")
            let end = offset + entry.byteCount
            members.append(
                "\(jsonString(entry.name)):{\"dtype\":\"\(entry.scalarType.safetensorsName)\","
                    + "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var text = Data("{\(members.joined(separator: ","))}".utf8)
        text.append(Data(repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8))
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text
    }

    private static func jsonString(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case "\0"..<" ": String(format: "\\u%04x", scalar.value)
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
