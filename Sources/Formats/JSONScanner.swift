/// The small part of JSON that a safetensors header may hold: objects, arrays, strings and whole numbers.
///
/// Strict where general readers differ: keys may not repeat, numbers have no sign, fraction, exponent or leading
/// zero, strings may not hold raw control characters or lone surrogates.
struct JSONScanner {
    private let bytes: [UInt8]
    private(set) var position = 0

    /// - Precondition: `bytes` are valid UTF-8.
    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    func failure(_ expected: String) -> FormatError {
        .headerMalformed(offset: position, expected: expected)
    }

    mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    }

    func next(is character: Unicode.Scalar) -> Bool {
        position < bytes.count && bytes[position] == UInt8(ascii: character)
    }

    mutating func accepts(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next(is: character) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws {
        guard accepts(character) else { throw failure("'\(character)'") }
    }

    /// Reads an object, handing each key to `member`, which reads its value.
    mutating func object(_ member: (inout JSONScanner, String) throws -> Void) throws {
        // Keys that differ only in how Unicode composes an accent count as one, as Swift's dictionaries have it.
        var keys: Set<String> = []
        try expect("{")
        if accepts("}") { return }
        repeat {
            let key = try string()
            guard keys.insert(key).inserted else { throw FormatError.duplicateName(key) }
            try expect(":")
            try member(&self, key)
        } while accepts(",")
        try expect("}")
    }

    /// Reads an array of whole numbers.
    mutating func integers() throws -> [Int] {
        var values: [Int] = []
        try expect("[")
        if accepts("]") { return values }
        repeat { values.append(try integer()) } while accepts(",")
        try expect("]")
        return values
    }

    private mutating func integer() throws -> Int {
        skipSpace()
        let digits = bytes[position...].prefix { 0x30...0x39 ~= $0 }
        guard digits.count == 1 || digits.first != 0x30,
            let value = Int(String(decoding: digits, as: UTF8.self))
        else { throw failure("a whole number below 2^63") }
        position += digits.count
        return value
    }

    /// Reads a string and resolves its escapes.
    mutating func string() throws -> String {
        try expect("\"")
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += String(try escape()).utf8
            case 0..<0x20: throw failure("no raw control character in a string")
            default: text.append(byte)
            }
        }
        throw failure("a closing quote")
    }

    private mutating func escape() throws -> Unicode.Scalar {
        guard position < bytes.count else { throw failure("an escape") }
        let byte = bytes[position]
        position += 1
        switch Unicode.Scalar(byte) {
        case "\"", "\\", "/": return Unicode.Scalar(byte)
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            let unit = try hexUnit()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            guard 0xD800..<0xDC00 ~= unit, accept("\\u") else { throw failure("a pair of surrogates") }
            let low = try hexUnit()
            guard 0xDC00..<0xE000 ~= low,
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            else { throw failure("a pair of surrogates") }
            return scalar
        default: throw failure("a known escape")
        }
    }

    private mutating func accept(_ text: String) -> Bool {
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    private mutating func hexUnit() throws -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw failure("four hexadecimal digits") }
        position += 4
        return value
    }
}
