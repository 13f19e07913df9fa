import Foundation

/// The format of MNIST: two zero bytes, a type, the number of axes, their sizes, then big-endian elements.
///
/// Source: LeCun, Cortes, Burges, The MNIST database of handwritten digits, "The IDX file format".
public enum IDX {
    /// Reads an IDX file, compressed with gzip or not.
    ///
    /// - Throws: `FormatError.file` where it cannot be read or its content is not one whole IDX array.
    public static func read(_ url: URL) throws -> RawArray {
        try InputFile.parse(url, decode)
    }

    /// Reads IDX data, compressed with gzip or not.
    ///
    /// - Throws: `FormatError`.
    public static func decode(_ data: Data) throws -> RawArray {
        let data = try Gzip.inflateIfCompressed(data)
        var reader = ByteReader(data, .idx)
        let magic = data.start(4)
        guard magic.count == 4, magic[0] == 0, magic[1] == 0, let type = types[magic[2]] else {
            throw FormatError.wrongMagic(
                .idx, expected: "0x0000, a type (08 to 0E) and the number of axes", found: magic)
        }
        _ = try reader.bytes(4)
        let shape = try (0..<magic[3]).map { _ in try reader.bigEndian(bytes: 4) }
        let bytes = try reader.array(shape: shape, width: type.byteWidth)
        return RawArray(
            shape: shape, scalarType: type, data: swappingBytes(of: bytes, width: type.byteWidth))
    }

    /// Writes an array as IDX data, without compression.
    ///
    /// - Precondition: the type is one that IDX has, there are at most 255 axes, and sizes are below 2³².
    public static func encode(_ array: RawArray) -> Data {
        guard let code = types.first(where: { $0.value == array.scalarType })?.key else {
            preconditionFailure("IDX has no type for \(array.scalarType).")
        }
        var data = Data([0, 0, code, UInt8(array.shape.count)])
        for size in array.shape {
            withUnsafeBytes(of: UInt32(size).bigEndian) { data.append(contentsOf: $0) }
        }
        data.append(swappingBytes(of: array.data, width: array.scalarType.byteWidth))
        return data
    }

    private static let types: [UInt8: ScalarType] = [
        0x08: .u8, 0x09: .i8, 0x0B: .i16, 0x0C: .i32, 0x0D: .f32, 0x0E: .f64,
    ]
}
