import Foundation

/// A safetensors file whose header has been checked in full.
///
/// The tensors are slices of the data that it was made from: of a mapped file they take no memory until used.
public struct SafetensorsFile: Sendable {
    /// The strings of the header's `__metadata__`.
    public let metadata: [String: String]

    /// The names of the tensors in the order of their bytes.
    public let names: [String]

    /// The bytes of all tensors, one after the other.
    public let tensorBytes: Data

    /// What stands before them.
    private let headerBytes: Data

    private let tensors: [String: RawArray]

    /// Checks the header of a whole file and finds its tensors.
    ///
    /// Checked: the header is strict JSON of the known members only, no name or key repeats, each type is known,
    /// each tensor has the size that its shape needs, and together they fill the file without gap or overlap.
    /// Not checked: the values.
    ///
    /// - Throws: `FormatError`, with a case for each of these.
    public init(_ data: Data) throws {
        var reader = ByteReader(data, .safetensors)
        let length = UInt64(
            littleEndian: try reader.bytes(8).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
        guard length <= Safetensors.headerLimit else {
            throw FormatError.headerOverLimit(length: length, limit: Safetensors.headerLimit)
        }
        guard length <= reader.remaining else {
            throw FormatError.headerPastEnd(length: length, available: reader.remaining)
        }
        let header = try SafetensorsHeader(parsing: try reader.bytes(Int(length)))
        let bytes = try reader.bytes(reader.remaining)
        headerBytes = data.prefix(data.count - bytes.count)
        let ordered = try header.checked(available: bytes.count)
        metadata = header.metadata
        names = ordered.map(\.name)
        tensorBytes = bytes
        tensors = Dictionary(
            uniqueKeysWithValues: ordered.map { tensor in
                let slice = bytes.dropFirst(tensor.begin).prefix(tensor.end - tensor.begin)
                return (
                    tensor.name, RawArray(shape: tensor.shape, scalarType: tensor.scalarType, data: slice)
                )
            })
    }

    /// The tensor of this name, or nil.
    public subscript(name: String) -> RawArray? { tensors[name] }

    /// The tensor of this name.
    ///
    /// - Throws: `FormatError.noTensor` where there is none.
    public func tensor(named name: String) throws -> RawArray {
        guard let tensor = tensors[name] else { throw FormatError.noTensor(name: name) }
        return tensor
    }

    /// Compares the SHA-256 of the file with the one in the metadata; reads the whole file.
    ///
    /// - Throws: `FormatError.checksumMissing` or `FormatError.checksumMismatch`.
    public func verifyChecksum(key: String) throws {
        guard let expected = metadata[key] else { throw FormatError.checksumMissing(key: key) }
        let hash = SHA256()
        var header = headerBytes
        if let range = header.range(of: Data(expected.utf8)) {
            header.replaceSubrange(range, with: Data(Safetensors.checksumPlaceholder.utf8))
        }
        hash.update(header)
        hash.update(tensorBytes)
        let found = hash.finalize()
        guard found == expected else { throw FormatError.checksumMismatch(expected: expected, found: found) }
    }
}
