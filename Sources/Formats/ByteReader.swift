import Foundation

/// A cursor over the head of a binary file that checks every step.
struct ByteReader {
    let format: FileFormat
    let data: Data
    private(set) var offset = 0

    init(_ data: Data, _ format: FileFormat) {
        self.data = data
        self.format = format
    }

    var remaining: Int { data.count - offset }
    var isAtEnd: Bool { remaining == 0 }

    mutating func bytes(_ count: Int) throws -> Data {
        guard 0...remaining ~= count else {
            throw FormatError.truncated(
                format, needed: offset.addingReportingOverflow(count).partialValue, found: data.count)
        }
        defer { offset += count }
        return data.dropFirst(offset).prefix(count)
    }

    mutating func littleEndian(bytes count: Int) throws -> Int {
        try bytes(count).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    mutating func bigEndian(bytes count: Int) throws -> Int {
        try bytes(count).reduce(0) { $0 << 8 | Int($1) }
    }

    /// The rest of the data, which must be exactly the array that the header announced.
    mutating func array(shape: [Int], width: Int) throws -> Data {
        guard let count = byteCount(shape: shape, width: width) else {
            throw FormatError.corrupt(format, reason: "the shape \(shape) is too large")
        }
        guard count >= remaining else {
            throw FormatError.trailingBytes(format, count: remaining - count)
        }
        // `bytes` adds the offset, which must not overflow for a count taken from a header.
        guard count <= remaining else {
            throw FormatError.truncated(
                format, needed: count.addingReportingOverflow(offset).partialValue, found: data.count)
        }
        return try bytes(count)
    }
}
