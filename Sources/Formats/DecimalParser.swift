/// Reads decimal numbers from bytes, for text files too large for a `String` per number.
///
/// Up to 15 digits and a power of ten up to 22 are exact in `Double`, and so is their correctly rounded quotient
/// or product (Clinger 1990); anything longer goes through the standard library.
enum DecimalParser {
    /// The value of text such as `12`, `-.5` or `1.5e-3`, or nil where it is anything else.
    static func parse(_ text: Slice<UnsafeRawBufferPointer>) -> Double? {
        var position = text.startIndex
        let end = text.endIndex
        var isNegative = false
        if position < end, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
            isNegative = text[position] == UInt8(ascii: "-")
            position += 1
        }
        var mantissa = 0
        var digits = 0
        var decimals = 0
        var hasPoint = false
        while position < end {
            let byte = text[position]
            if 0x30...0x39 ~= byte {
                digits += 1
                if hasPoint { decimals += 1 }
                if digits <= 15 { mantissa = mantissa * 10 + Int(byte - 0x30) }
            } else if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else {
                break
            }
            position += 1
        }
        guard digits > 0 else { return nil }
        guard position == end, digits <= 15 else { return general(text) }
        let value = Double(mantissa) / powersOfTen[decimals]
        return isNegative ? -value : value
    }

    private static func general(_ text: Slice<UnsafeRawBufferPointer>) -> Double? {
        // The standard library also knows hexadecimal; a table of decimal numbers does not.
        let isDecimal = text.allSatisfy {
            0x30...0x39 ~= $0 || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0)
        }
        return isDecimal ? Double(String(decoding: text, as: UTF8.self)) : nil
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}
