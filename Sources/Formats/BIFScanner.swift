/// Splits BIF text into words, quoted strings and punctuation; passes over comments.
struct BIFScanner {
    enum Token: Equatable {
        case word(String)
        case quoted(String)
        case mark(Unicode.Scalar)
        case end

        /// As messages show it.
        var text: String {
            switch self {
            case .word(let text), .quoted(let text): FormatError.quoted(text)
            case .mark(let scalar): "'\(scalar)'"
            case .end: "the end of the file"
            }
        }

        /// The name that a word or a quoted string is.
        var name: String? {
            switch self {
            case .word(let text), .quoted(let text): text
            case .mark, .end: nil
            }
        }
    }

    private let bytes: [UInt8]
    private var position = 0
    private var nextLine = 1
    /// The token that `advance` went to, and the line on which it stands, counted from 1.
    private(set) var token = Token.end
    private(set) var line = 1

    init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        try advance()
    }

    /// An error at the token.
    func failure(_ reason: String) -> FormatError { .malformedLine(.bif, line: line, reason: reason) }

    /// Goes to the next token.
    mutating func advance() throws {
        try skipSpace()
        line = nextLine
        guard position < bytes.count else {
            token = .end
            return
        }
        let byte = bytes[position]
        if byte == UInt8(ascii: "\"") {
            token = .quoted(try quotedText())
        } else if Self.marks.contains(byte) {
            position += 1
            token = .mark(Unicode.Scalar(byte))
        } else {
            let start = position
            while position < bytes.count, !isWordEnd { position += 1 }
            token = .word(String(decoding: bytes[start..<position], as: UTF8.self))
        }
    }

    /// The text from the token on up to the semicolon, which is passed: what a property says.
    mutating func restOfStatement() throws -> String {
        var parts: [String] = []
        while token != .mark(";") {
            switch token {
            case .end: throw failure("a property lacks its closing ';'")
            case .word(let text): parts.append(text)
            case .quoted(let text): parts.append(text)
            case .mark(let scalar): parts.append(String(Character(scalar)))
            }
            try advance()
        }
        try advance()
        return parts.joined(separator: " ")
    }

    private static let marks = Set("{}()[],;|".utf8)

    private var isWordEnd: Bool {
        let byte = bytes[position]
        return byte <= 0x20 || byte == UInt8(ascii: "\"") || Self.marks.contains(byte) || beginsComment
    }

    /// Whether `//` or `/*` begins here.
    private var beginsComment: Bool {
        guard bytes[position] == UInt8(ascii: "/"), position + 1 < bytes.count else { return false }
        return bytes[position + 1] == UInt8(ascii: "/") || bytes[position + 1] == UInt8(ascii: "*")
    }

    private mutating func skipSpace() throws {
        while position < bytes.count {
            if bytes[position] <= 0x20 {
                if bytes[position] == 0x0A { nextLine += 1 }
                position += 1
            } else if beginsComment {
                try skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws {
        let isLine = bytes[position + 1] == UInt8(ascii: "/")
        line = nextLine
        position += 2
        while position < bytes.count {
            if isLine, bytes[position] == 0x0A { return }
            let closes = bytes[position...].prefix(2).elementsEqual("*/".utf8)
            if !isLine, closes {
                position += 2
                return
            }
            if bytes[position] == 0x0A { nextLine += 1 }
            position += 1
        }
        if !isLine { throw failure("a comment opened here is never closed") }
    }

    private mutating func quotedText() throws -> String {
        let start = position + 1
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\"")) else {
            throw failure("a quote opened here is never closed")
        }
        position = end + 1
        nextLine += bytes[start..<end].count { $0 == 0x0A }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
