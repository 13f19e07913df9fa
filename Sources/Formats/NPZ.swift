import Foundation

/// NumPy's archive of named arrays: a ZIP file with an NPY file for each.
///
/// Source: NumPy, `numpy.savez`; PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", sections 4.3 and 4.5.3.
public enum NPZ {
    /// Reads the only array of an archive.
    ///
    /// - Throws: `FormatError.file` where the file cannot be read or `decode` refuses it.
    public static func read(_ url: URL) throws -> RawArray {
        try InputFile.parse(url, decode)
    }

    /// Reads the only array of an archive.
    ///
    /// - Throws: `FormatError` where the data is damaged, or holds no or several arrays.
    public static func decode(_ data: Data) throws -> RawArray {
        let members = try ZIPArchive(data).members
        guard members.count == 1 else {
            let names = members.map { FormatError.quoted($0.name) }.joined(separator: ", ")
            throw FormatError.unsupported(
                .npz, what: members.isEmpty ? "an archive without arrays" : "more than one array (\(names))",
                remedy: "save one array with numpy.save")
        }
        return try NPY.decode(try members[0].content())
    }

    /// Whether the bytes begin as a ZIP file with a member does.
    public static func isArchive(_ data: Data) -> Bool { data.starts(with: [0x50, 0x4B, 0x03, 0x04]) }
}

/// The directory of a ZIP file, as far as `numpy.savez` and `savez_compressed` make use of the format.
struct ZIPArchive {
    struct Member {
        let name: String
        fileprivate let isDeflated: Bool
        fileprivate let compressed: Data
        fileprivate let size: Int
        fileprivate let checksum: Int

        /// The bytes of the member.
        func content() throws -> Data {
            let content = isDeflated ? try Gzip.inflateRaw(compressed, size: size) : compressed
            guard Gzip.checksum(of: content) == checksum else {
                throw FormatError.corrupt(
                    .npz, reason: "the checksum of \(FormatError.quoted(name)) is wrong")
            }
            return content
        }
    }

    let members: [Member]

    private static let endMark = Data([0x50, 0x4B, 0x05, 0x06])
    private static let entryMark = 0x0201_4B50
    private static let endLength = 22

    init(_ data: Data) throws {
        let data = Data(data)
        // The end of the directory comes last; a comment of up to 64 KiB may follow it.
        let tail = data.dropFirst(max(0, data.count - Self.endLength - 0xFFFF))
        guard let end = tail.range(of: Self.endMark, options: .backwards)?.lowerBound else {
            throw FormatError.corrupt(.npz, reason: "the directory at its end is missing")
        }
        var footer = ByteReader(data[end...], .npz)
        _ = try footer.bytes(10)
        let count = try footer.littleEndian(bytes: 2)
        _ = try footer.bytes(4)
        let start = try footer.littleEndian(bytes: 4)
        _ = try footer.bytes(try footer.littleEndian(bytes: 2))
        guard start <= end else { throw FormatError.corrupt(.npz, reason: "its directory is out of range") }
        var directory = ByteReader(data[start...], .npz)
        members = try (0..<count).map { _ in try Self.member(&directory, in: data) }
    }

    /// Reads an entry of the directory and finds its bytes.
    private static func member(_ directory: inout ByteReader, in data: Data) throws -> Member {
        guard try directory.littleEndian(bytes: 4) == entryMark else {
            throw FormatError.corrupt(.npz, reason: "its directory is damaged")
        }
        _ = try directory.bytes(6)
        let method = try directory.littleEndian(bytes: 2)
        _ = try directory.bytes(4)
        let checksum = try directory.littleEndian(bytes: 4)
        var (length, size) = (
            try directory.littleEndian(bytes: 4), try directory.littleEndian(bytes: 4)
        )
        let nameLength = try directory.littleEndian(bytes: 2)
        let extraLength = try directory.littleEndian(bytes: 2)
        let commentLength = try directory.littleEndian(bytes: 2)
        _ = try directory.bytes(8)
        var offset = try directory.littleEndian(bytes: 4)
        let name = String(decoding: try directory.bytes(nameLength), as: UTF8.self)
        try readLargeSizes(try directory.bytes(extraLength), &size, &length, &offset)
        _ = try directory.bytes(commentLength)
        guard method == 0 || method == 8 else {
            throw FormatError.unsupported(
                .npz, what: "compression method \(method)", remedy: "save the array with numpy.savez")
        }
        // The lengths of name and extra field stand again before the bytes, and may differ there.
        guard 0..<data.count ~= offset else {
            throw FormatError.corrupt(.npz, reason: "a member is out of range")
        }
        var local = ByteReader(data[offset...], .npz)
        _ = try local.bytes(26)
        let skipped = try local.littleEndian(bytes: 2) + local.littleEndian(bytes: 2)
        _ = try local.bytes(skipped)
        return Member(
            name: name, isDeflated: method == 8, compressed: try local.bytes(length), size: size,
            checksum: checksum)
    }

    /// Takes sizes that do not fit into 32 bits from the extra field that holds them.
    private static func readLargeSizes(
        _ extra: Data, _ size: inout Int, _ length: inout Int, _ offset: inout Int
    ) throws {
        var reader = ByteReader(extra, .npz)
        while !reader.isAtEnd {
            let kind = try reader.littleEndian(bytes: 2)
            let content = try reader.bytes(try reader.littleEndian(bytes: 2))
            guard kind == 1 else { continue }
            var fields = ByteReader(content, .npz)
            if size == 0xFFFF_FFFF { size = try fields.littleEndian(bytes: 8) }
            if length == 0xFFFF_FFFF { length = try fields.littleEndian(bytes: 8) }
            if offset == 0xFFFF_FFFF { offset = try fields.littleEndian(bytes: 8) }
        }
    }
}
