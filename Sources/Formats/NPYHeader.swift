import Foundation

/// The dictionary at the head of an NPY file, a Python literal with the keys `descr`, `fortran_order`, `shape`.
struct NPYHeader {
    let scalarType: ScalarType
    let isBigEndian: Bool
    /// Whether the first index changes fastest.
    let isFortranOrder: Bool
    let shape: [Int]

    init(parsing data: Data) throws {
        var parser = LiteralParser(bytes: [UInt8](data))
        var descriptor: String?
        var isFortranOrder: Bool?
        var shape: [Int]?
        try parser.expect("{")
        while !parser.accepts("}") {
            let key = try parser.string()
            try parser.expect(":")
            switch key {
            case "descr" where descriptor == nil: descriptor = try parser.string()
            case "fortran_order" where isFortranOrder == nil: isFortranOrder = try parser.boolean()
            case "shape" where shape == nil: shape = try parser.tuple()
            default: throw parser.failure("each of 'descr', 'fortran_order' and 'shape' once")
            }
            if !parser.accepts(",") {
                try parser.expect("}")
                break
            }
        }
        guard parser.isAtEnd, let descriptor, let isFortranOrder, let shape else {
            throw parser.failure("one dictionary with 'descr', 'fortran_order' and 'shape'")
        }
        // For one axis, and for none, both orders are the same; NumPy then often says True.
        self.isFortranOrder = isFortranOrder && shape.count > 1
        (scalarType, isBigEndian) = try Self.type(descriptor)
        self.shape = shape
    }

    private static func type(_ descriptor: String) throws -> (ScalarType, isBigEndian: Bool) {
        let kind = descriptor.dropFirst()
        for type in ScalarType.allCases {
            guard let known = type.npyDescriptor, known.dropFirst() == kind else { continue }
            switch descriptor.first {
            case "<": return (type, false)
            case ">": return (type, true)
            case "|" where type.byteWidth == 1: return (type, false)
            default: continue
            }
        }
        throw FormatError.unsupported(
            .npy, what: "element type \(descriptor.prefix(20).debugDescription)",
            remedy: "save x.astype('float32') or another of the types "
                + ScalarType.allCases.compactMap(\.npyDescriptor).joined(separator: ", "))
    }
}

/// The few Python literals that an NPY header is made of.
private struct LiteralParser {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool {
        mutating get {
            skipSpace()
            return position == bytes.count
        }
    }

    func failure(_ expected: String) -> FormatError {
        .corrupt(.npy, reason: "header, byte \(position): expected \(expected)")
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x0A, 0x09, 0x0D].contains(bytes[position]) { position += 1 }
    }

    mutating func accepts(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws {
        guard accepts(character) else { throw failure("'\(character)'") }
    }

    mutating func string() throws -> String {
        let quote: UInt8 = accepts("\"") ? 0x22 : 0x27
        if quote == 0x27 { try expect("'") }
        guard let end = bytes[position...].firstIndex(of: quote) else { throw failure("a closing quote") }
        defer { position = end + 1 }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }

    mutating func boolean() throws -> Bool {
        skipSpace()
        for (word, value) in [("True", true), ("False", false)]
        where bytes[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return value
        }
        throw failure("True or False")
    }

    mutating func tuple() throws -> [Int] {
        var sizes: [Int] = []
        try expect("(")
        while !accepts(")") {
            skipSpace()
            let digits = bytes[position...].prefix { 0x30...0x39 ~= $0 }
            guard let size = Int(String(decoding: digits, as: UTF8.self)) else {
                throw failure("a size that fits 63 bits")
            }
            position += digits.count
            _ = accepts("L")  // Python 2 marked long integers so.
            sizes.append(size)
            if !accepts(",") {
                try expect(")")
                break
            }
        }
        return sizes
    }
}
