/// Splits CSV text into rows of fields.
struct CSVScanner {
    struct Row {
        /// The line that the row begins on, counted from 1.
        let line: Int
        let fields: [CSVField]
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var line = 1

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        // Spreadsheets put a byte order mark before UTF-8.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The next row that is not blank, or nil at the end.
    mutating func nextRow() throws -> Row? {
        while position < bytes.count {
            let start = line
            var fields = [try nextField()]
            while position < bytes.count, bytes[position] == UInt8(ascii: ",") {
                position += 1
                fields.append(try nextField())
            }
            passLineEnd()
            if fields.count > 1 || !fields[0].text.isEmpty { return Row(line: start, fields: fields) }
        }
        return nil
    }

    private mutating func passLineEnd() {
        if position < bytes.count, bytes[position] == 0x0D { position += 1 }
        if position < bytes.count, bytes[position] == 0x0A { position += 1 }
        line += 1
    }

    /// Whether a field without quotes ends here.
    private var isAtFieldEnd: Bool {
        guard position < bytes.count else { return true }
        switch bytes[position] {
        case UInt8(ascii: ","), 0x0A: return true
        // A carriage return belongs to the line end if a line feed follows or nothing does.
        case 0x0D: return position + 1 == bytes.count || bytes[position + 1] == 0x0A
        default: return false
        }
    }

    private mutating func nextField() throws -> CSVField {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            let start = position
            while !isAtFieldEnd { position += 1 }
            return CSVField(bytes[start..<position])
        }
        return CSVField(quoted: try quotedText())
    }

    private mutating func quotedText() throws -> [UInt8] {
        let start = line
        var text: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                    guard isAtFieldEnd else {
                        throw FormatError.corrupt(.csv, reason: "text follows a closing quote in row \(line)")
                    }
                    return text
                }
                position += 1
            }
            if byte == 0x0A { line += 1 }
            text.append(byte)
        }
        throw FormatError.corrupt(.csv, reason: "a quote opened in row \(start) is never closed")
    }
}

/// One field, as text and perhaps as a number.
struct CSVField {
    /// The text, without quotes and surrounding spaces.
    let text: String
    /// The value, where the text is a number.
    let number: Double?

    init(_ bytes: Slice<UnsafeRawBufferPointer>) {
        var trimmed = bytes.drop { $0 == 0x20 || $0 == 0x09 }
        while let last = trimmed.last, last == 0x20 || last == 0x09 { trimmed.removeLast() }
        text = String(decoding: trimmed, as: UTF8.self)
        number = DecimalParser.parse(trimmed) ?? Self.infinity(text)
    }

    init(quoted bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { CSVField($0[...]) }
    }

    /// Whether the field says that there is no value.
    var isMissing: Bool { number == nil && ["", "na", "nan"].contains(text.lowercased()) }

    private static func infinity(_ text: String) -> Double? {
        switch text.lowercased() {
        case "inf", "+inf": .infinity
        case "-inf": -.infinity
        default: nil
        }
    }
}
