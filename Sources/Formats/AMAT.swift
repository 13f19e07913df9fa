import Foundation

/// Larochelle's text format: a row of numbers on each line, with spaces or tabs between.
///
/// Source: Larochelle et al. 2007, "An empirical evaluation of deep architectures"; the binarized MNIST of
/// Larochelle and Murray 2011 comes so.
public enum AMAT {
    /// Reads a file, compressed with gzip or not.
    ///
    /// - Returns: `[rows, columns]` of the given type.
    /// - Throws: `FormatError.file`, with row and column where a number is at fault.
    public static func read<Scalar: AMATScalar>(_ url: URL, as type: Scalar.Type) throws -> RawArray {
        try InputFile.parse(url) { try decode($0, as: type) }
    }

    /// Reads rows of numbers, compressed with gzip or not; blank lines are passed over.
    ///
    /// - Returns: `[rows, columns]` of the given type.
    /// - Throws: `FormatError`, with row and column where a number is at fault.
    public static func decode<Scalar: AMATScalar>(_ data: Data, as type: Scalar.Type) throws -> RawArray {
        try Scalar.decodeRows(MemoryLimit.text(of: data, .amat, fieldBytes: 16))
    }

    /// Called by each type with itself, so that the compiler makes fast code for it: ten times as fast as generic.
    fileprivate static func rows<Scalar: AMATScalar>(_ data: Data, as type: Scalar.Type) throws -> RawArray {
        var values: [Scalar] = []
        // A number and a space take two bytes at least.
        values.reserveCapacity(data.count / 2 + 1)
        var columns: Int?
        var rows = 0
        try data.withUnsafeBytes { bytes in
            var position = 0
            var line = 0
            while position < bytes.count {
                line += 1
                let before = values.count
                try readLine(bytes, &position, line: line, into: &values)
                let found = values.count - before
                guard found > 0 else { continue }
                guard found == columns ?? found else {
                    throw FormatError.raggedRow(.amat, row: line, expected: columns ?? 0, found: found)
                }
                columns = found
                rows += 1
            }
        }
        guard let columns else { throw FormatError.corrupt(.amat, reason: "it has no numbers") }
        return RawArray(shape: [rows, columns], values: values)
    }

    private static func readLine<Scalar: AMATScalar>(
        _ bytes: UnsafeRawBufferPointer, _ position: inout Int, line: Int, into values: inout [Scalar]
    ) throws {
        var column = 0
        while position < bytes.count {
            switch bytes[position] {
            case 0x0A:
                position += 1
                return
            case 0x20, 0x09, 0x0D:
                position += 1
            default:
                let start = position
                while position < bytes.count, bytes[position] > 0x20 { position += 1 }
                // A control character ends the loop where it stands: take it as part of the bad number.
                if position == start { position += 1 }
                column += 1
                let text = bytes[start..<position]
                guard let number = DecimalParser.parse(text), let value = Scalar(amat: number) else {
                    throw FormatError.notANumber(
                        .amat, row: line, column: column, text: String(decoding: text, as: UTF8.self))
                }
                values.append(value)
            }
        }
    }
}

/// The types that `AMAT` reads its numbers into.
public protocol AMATScalar: RawScalar {
    /// The value as this type, or nil where it does not fit.
    init?(amat value: Double)
    /// The numbers of uncompressed rows.
    static func decodeRows(_ data: Data) throws -> RawArray
}

extension UInt8: AMATScalar {
    /// Accepts whole numbers from 0 to 255 only.
    public init?(amat value: Double) { self.init(exactly: value) }

    /// The numbers of uncompressed rows.
    public static func decodeRows(_ data: Data) throws -> RawArray { try AMAT.rows(data, as: UInt8.self) }
}

extension Float: AMATScalar {
    /// Rounds to nearest; refuses what overflows.
    public init?(amat value: Double) {
        self.init(value)
        guard isFinite else { return nil }
    }

    /// The numbers of uncompressed rows.
    public static func decodeRows(_ data: Data) throws -> RawArray { try AMAT.rows(data, as: Float.self) }
}
