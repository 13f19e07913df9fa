import Foundation

/// NumPy's format of one array.
///
/// Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays"; versions 1 to 3.
public enum NPY {
    /// Reads an array.
    ///
    /// - Throws: `FormatError.file` where the file cannot be read or `decode` refuses it.
    public static func read(_ url: URL) throws -> RawArray {
        try InputFile.parse(url, decode)
    }

    /// Reads an array, compressed with gzip or not; big-endian elements are swapped, Fortran order is undone.
    ///
    /// - Throws: `FormatError` where the data is damaged, or has an element type without a `ScalarType`, such as unsigned
    ///   words, complex numbers or Python objects.
    public static func decode(_ data: Data) throws -> RawArray {
        let data = try Gzip.inflateIfCompressed(data)
        var reader = ByteReader(data, .npy)
        guard data.starts(with: magic) else {
            throw FormatError.wrongMagic(.npy, expected: "0x934E554D5059", found: data.start(6))
        }
        _ = try reader.bytes(magic.count)
        let version = try reader.littleEndian(bytes: 1)
        _ = try reader.bytes(1)
        guard 1...3 ~= version else {
            throw FormatError.unsupported(
                .npy, what: "version \(version)", remedy: "save it with numpy.save of NumPy 1 or 2")
        }
        let length = try reader.littleEndian(bytes: version == 1 ? 2 : 4)
        let header = try NPYHeader(parsing: try reader.bytes(length))
        let bytes = try reader.array(shape: header.shape, width: header.scalarType.byteWidth)
        let width = header.scalarType.byteWidth
        let littleEndian = header.isBigEndian ? swappingBytes(of: bytes, width: width) : bytes
        return RawArray(
            shape: header.shape, scalarType: header.scalarType,
            data: header.isFortranOrder
                ? rowMajor(littleEndian, shape: header.shape, width: width) : littleEndian)
    }

    /// The elements of an array in Fortran order, whose first index changes fastest, in row-major order.
    private static func rowMajor(_ data: Data, shape: [Int], width: Int) -> Data {
        guard !data.isEmpty else { return data }
        var strides = [Int](repeating: width, count: shape.count)
        for axis in shape.indices.dropFirst() { strides[axis] = strides[axis - 1] * shape[axis - 1] }
        var result = Data(count: data.count)
        result.withUnsafeMutableBytes { (target: UnsafeMutableRawBufferPointer) in
            data.withUnsafeBytes { (source: UnsafeRawBufferPointer) in
                var index = [Int](repeating: 0, count: shape.count)
                var offset = 0
                for position in Swift.stride(from: 0, to: source.count, by: width) {
                    for byte in 0..<width { target[position + byte] = source[offset + byte] }
                    for axis in shape.indices.reversed() {
                        index[axis] += 1
                        offset += strides[axis]
                        if index[axis] < shape[axis] { break }
                        offset -= shape[axis] * strides[axis]
                        index[axis] = 0
                    }
                }
            }
        }
        return result
    }

    /// Writes an array as version 1.0, its elements aligned to 64 bytes.
    ///
    /// - Precondition: the type is not bfloat16, which NumPy lacks.
    public static func encode(_ array: RawArray) -> Data {
        guard let descriptor = array.scalarType.npyDescriptor else {
            preconditionFailure("NPY has no type for \(array.scalarType); convert the array to f32.")
        }
        let shape = array.shape.map { "\($0)," }.joined(separator: " ")
        var header = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (\(shape)), }"
        let fixed = magic.count + 4
        header += String(repeating: " ", count: 63 - (fixed + header.utf8.count) % 64) + "\n"
        var data = magic + Data([1, 0])
        withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
        data.append(contentsOf: header.utf8)
        data.append(array.data)
        return data
    }

    /// Writes an array to a file, atomically.
    ///
    /// - Throws: `FormatError.file`.
    public static func write(_ array: RawArray, to url: URL) throws {
        try AtomicFile.write(encode(array), to: url)
    }

    private static let magic = Data([0x93]) + Data("NUMPY".utf8)
}
