/// Splits CSV text into rows of fields.
struct CSVScanner {
    struct Row {
        /// The line that the row begins on, counted from 1.
        let line: Int
        let fields: [CSVField]
    }

    private let bytes: UnsafeRawBufferPointer
    private let dialect: CSVDialect
    private var position = 0
    private var line = 1

    init(_ bytes: UnsafeRawBufferPointer, _ dialect: CSVDialect) {
        self.bytes = bytes
        self.dialect = dialect
        // Spreadsheets put a byte order mark before UTF-8.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The next row that is not blank, or nil at the end.
    mutating func nextRow() throws -> Row? {
        while position < bytes.count {
            let start = line
            passSpaces()
            var fields = [try nextField()]
            while passSeparator() { fields.append(try nextField()) }
            passLineEnd()
            if fields.count > 1 || !fields[0].isEmpty { return Row(line: start, fields: fields) }
        }
        return nil
    }

    /// Goes past what separates two fields; false at the end of a row.
    private mutating func passSeparator() -> Bool {
        guard dialect.separator == .spaces else {
            guard position < bytes.count, bytes[position] == dialect.separator.byte else { return false }
            position += 1
            return true
        }
        passSpaces()
        return !isAtLineEnd
    }

    /// Goes past spaces, where these separate fields and may also begin and end a row.
    private mutating func passSpaces() {
        guard dialect.separator == .spaces else { return }
        while position < bytes.count, [0x20, 0x09].contains(bytes[position]) { position += 1 }
    }

    private mutating func passLineEnd() {
        if position < bytes.count, bytes[position] == 0x0D { position += 1 }
        if position < bytes.count, bytes[position] == 0x0A { position += 1 }
        line += 1
    }

    private var isAtLineEnd: Bool {
        guard position < bytes.count else { return true }
        switch bytes[position] {
        case 0x0A: return true
        // A carriage return belongs to the line end if a line feed follows or nothing does.
        case 0x0D: return position + 1 == bytes.count || bytes[position + 1] == 0x0A
        default: return false
        }
    }

    /// Whether a field without quotes ends here.
    private var isAtFieldEnd: Bool { isAtLineEnd || dialect.separator.separates(bytes[position]) }

    private mutating func nextField() throws -> CSVField {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            let start = position
            while !isAtFieldEnd { position += 1 }
            return CSVField(bytes[start..<position], dialect)
        }
        return CSVField(quoted: try quotedText(), dialect)
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
    private let raw: Slice<UnsafeRawBufferPointer>
    /// The text of a quoted field, which may differ from the bytes of the file.
    private let unquoted: [UInt8]?
    /// The value, where the text is a number.
    let number: Double?

    init(_ bytes: Slice<UnsafeRawBufferPointer>, _ dialect: CSVDialect) {
        raw = Self.trimmed(bytes)
        unquoted = nil
        number = Self.number(raw, dialect)
    }

    init(quoted bytes: [UInt8], _ dialect: CSVDialect) {
        (unquoted, number) = bytes.withUnsafeBytes {
            let trimmed = Self.trimmed($0[...])
            return ([UInt8](trimmed), Self.number(trimmed, dialect))
        }
        raw = UnsafeRawBufferPointer(start: nil, count: 0)[...]
    }

    /// The text, without quotes and surrounding spaces.
    var text: String { String(decoding: unquoted ?? [UInt8](raw), as: UTF8.self) }

    var isEmpty: Bool { unquoted?.isEmpty ?? raw.isEmpty }

    /// Whether the field says that there is no value, as tables of the usual programs do.
    var isMissing: Bool {
        let count = unquoted?.count ?? raw.count
        return number == nil && count <= 4 && Self.missingMarks.contains(text.lowercased())
    }

    /// Whether the text is digits alone.
    var isPlainInteger: Bool {
        func isPlain(_ bytes: some Collection<UInt8>) -> Bool {
            !bytes.isEmpty && bytes.allSatisfy { 0x30...0x39 ~= $0 }
        }
        return unquoted.map { isPlain($0) } ?? isPlain(raw)
    }

    private static let missingMarks: Set = [
        "", "?", "-", "na", "n/a", "#n/a", "nan", "null", "none", "<na>",
    ]

    private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        var trimmed = bytes.drop { $0 == 0x20 || $0 == 0x09 }
        while let last = trimmed.last, last == 0x20 || last == 0x09 { trimmed.removeLast() }
        return trimmed
    }

    private static func number(_ bytes: Slice<UnsafeRawBufferPointer>, _ dialect: CSVDialect) -> Double? {
        if let value = DecimalParser.parse(bytes) { return value }
        guard let first = bytes.first else { return nil }
        if dialect.hasDecimalComma, bytes.contains(UInt8(ascii: ",")), !bytes.contains(UInt8(ascii: ".")) {
            let pointed = bytes.map { $0 == UInt8(ascii: ",") ? UInt8(ascii: ".") : $0 }
            return pointed.withUnsafeBytes { DecimalParser.parse($0[...]) }
        }
        guard bytes.count <= 4, [0x2B, 0x2D, 0x49, 0x69].contains(first) else { return nil }
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "inf", "+inf": return .infinity
        case "-inf": return -.infinity
        default: return nil
        }
    }
}
