import Foundation

/// The columns of a CSV file.
public struct CSVTable: Equatable, Sendable {
    /// The fields of a column.
    public enum Content: Equatable, Sendable {
        /// Numbers, NaN where the field is empty.
        case numbers([Double])
        /// Anything else, as it stands.
        case text([String])

        /// The fields as text; of numbers, those missing are empty, and whole ones are as they are mostly written.
        public var texts: [String] {
            switch self {
            case .text(let texts): texts
            case .numbers(let numbers):
                numbers.map { $0.isNaN ? "" : Int(exactly: $0).map(String.init) ?? "\($0)" }
            }
        }
    }

    /// A named column.
    public struct Column: Equatable, Sendable {
        /// The name in the header, or `column 3` where there is none.
        public let name: String
        /// The fields, one a row.
        public let content: Content
    }

    /// The columns, in the order of the file; all have the same number of rows.
    public let columns: [Column]

    /// Lines that a person should read: what was found out about the table that may be meant otherwise.
    public let notes: [String]

    /// How many rows there are.
    public var rowCount: Int {
        switch columns.first?.content {
        case .numbers(let numbers): numbers.count
        case .text(let texts): texts.count
        case nil: 0
        }
    }

    /// The names of the columns of numbers.
    public var numericNames: [String] {
        columns.filter { if case .numbers = $0.content { true } else { false } }.map(\.name)
    }

    /// Gathers columns of numbers into one array.
    ///
    /// - Parameter names: the columns wanted, in order; without it, all columns of numbers.
    /// - Returns: `[rows, columns]`, float64.
    /// - Throws: `FormatError.unknownColumn` where a name is missing or its column is text, `.noNumbers` where all are.
    public func matrix(_ names: [String]? = nil) throws -> RawArray {
        let known = numericNames
        guard !known.isEmpty else { throw FormatError.noNumbers(columns: columns.map(\.name)) }
        let chosen = try (names ?? known).map { name in
            guard case .numbers(let values)? = columns.first(where: { $0.name == name })?.content else {
                throw FormatError.unknownColumn(name: name, known: known)
            }
            return values
        }
        return RawArray(
            shape: [rowCount, chosen.count],
            values: (0..<rowCount).flatMap { row in chosen.map { $0[row] } })
    }
}

/// A column that is being read, whose kind is known.
struct CSVColumnBuilder {
    private(set) var content: CSVTable.Content

    init(isText: Bool, capacity: Int) {
        if isText {
            var texts: [String] = []
            texts.reserveCapacity(capacity)
            content = .text(texts)
        } else {
            var numbers: [Double] = []
            numbers.reserveCapacity(capacity)
            content = .numbers(numbers)
        }
    }

    mutating func append(_ field: CSVField) {
        switch content {
        case .text(var texts):
            // Emptied meanwhile, so that the array is not copied.
            content = .text([])
            texts.append(field.text)
            content = .text(texts)
        case .numbers(var numbers):
            content = .numbers([])
            numbers.append(field.number ?? .nan)
            content = .numbers(numbers)
        }
    }
}
