import Formats
import Foundation
import Tensors

/// Everything needed to go on from a step, as named tensors and text: one safetensors file.
///
/// Keys are `section/name`; the sections are the trainer's (`model`, `optimizer`, `average`, `objective`). The whole
/// file has a checksum in the metadata.
public struct Checkpoint: Sendable {
    /// The tensors, in the order in which they are written.
    public var tensors: [(key: String, tensor: Tensor)]
    /// Text: recipe, step, format version.
    public var metadata: [String: String]

    private static let version = "2"
    private static let formatKey = "swift-vae.checkpoint"
    private static let checksumKey = "sha256"

    /// The checksum of the file that this was read from, by which checkpoints can be told apart.
    public var checksum: String? { metadata[Self.checksumKey] }

    /// A checkpoint of tensors and text.
    public init(tensors: [(key: String, tensor: Tensor)] = [], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// Adds tensors under a section.
    public mutating func add(_ section: String, _ entries: [(key: String, tensor: Tensor)]) {
        tensors += entries.map { (section + "/" + $0.key, $0.tensor) }
    }

    /// The tensors of a section by their names inside it.
    public func section(_ section: String) -> [String: Tensor] {
        let prefix = section + "/"
        let own = tensors.filter { $0.key.hasPrefix(prefix) }
        return Dictionary(
            uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count)), $0.tensor) })
    }

    /// Writes the file; the old one stays until the new one is complete and on the disk.
    ///
    /// - Throws: `FormatError.file`.
    public func write(to url: URL) throws {
        let entries = tensors.map {
            Safetensors.Entry(name: $0.key, scalarType: $0.tensor.dtype.scalarType, shape: $0.tensor.shape)
        }
        let byKey = Dictionary(uniqueKeysWithValues: tensors.map { ($0.key, $0.tensor) })
        try Safetensors.write(
            entries, metadata: metadata.merging([Self.formatKey: Self.version]) { $1 },
            checksumKey: Self.checksumKey, to: url, followsLinks: false
        ) { entry in
            byKey[entry.name]!.withBytes { Data($0) }
        }
    }

    /// Whether a file is a checkpoint of this program, as far as its header tells.
    static func isOne(_ url: URL) -> Bool {
        (try? Safetensors.read(url))?.metadata[formatKey] != nil
    }

    /// Reads a file and verifies its checksum.
    ///
    /// - Throws: `FormatError.file` or `RunsError.notACheckpoint`.
    public init(readingFrom url: URL) throws {
        let file = try Safetensors.read(url)
        guard let version = file.metadata[Self.formatKey] else {
            throw RunsError.notACheckpoint(
                path: url.path, reason: "the safetensors metadata lack '\(Self.formatKey)'")
        }
        guard version == Self.version else {
            throw RunsError.notACheckpoint(
                path: url.path, reason: "its format version is \(version), this program reads \(Self.version)"
            )
        }
        do {
            try file.verifyChecksum(key: Self.checksumKey)
        } catch let error as FormatError {
            throw FormatError.file(path: url.path, error)
        }
        metadata = file.metadata
        tensors = try file.names.map { name in
            let array = try file.tensor(named: name)
            guard let dtype = DType(array.scalarType) else {
                throw RunsError.notACheckpoint(
                    path: url.path, reason: "'\(name)' is of type \(array.scalarType)")
            }
            return (name, array.data.withUnsafeBytes { Tensor(bytes: $0, shape: array.shape, dtype: dtype) })
        }
    }
}

extension DType {
    /// The same type in files.
    var scalarType: ScalarType {
        switch self {
        case .uint8: .u8
        case .int64: .i64
        case .float32: .f32
        case .float64: .f64
        case .bool: .bool
        case .bfloat16: .bf16
        }
    }

    /// The type of a file's tensor; `nil` where we have none.
    init?(_ scalarType: ScalarType) {
        guard let dtype = DType.allCases.first(where: { $0.scalarType == scalarType }) else { return nil }
        self = dtype
    }
}
