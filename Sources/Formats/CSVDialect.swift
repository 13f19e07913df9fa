/// What separates the fields of a text table.
struct CSVDialect: Equatable {
    enum Separator: Equatable {
        case comma, semicolon, tab
        /// Runs of spaces and tabs.
        case spaces

        /// The byte that stands between two fields; none for runs.
        var byte: UInt8? {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .semicolon: UInt8(ascii: ";")
            case .tab: 0x09
            case .spaces: nil
            }
        }

        /// Whether a field without quotes ends before the byte.
        func separates(_ other: UInt8) -> Bool {
            byte.map { $0 == other } ?? (other == 0x20 || other == 0x09)
        }
    }

    let separator: Separator

    /// Whether `1,5` is a number, as where fields are not separated by commas.
    var hasDecimalComma: Bool { separator == .semicolon || separator == .tab }

    init(_ separator: Separator) { self.separator = separator }

    /// How many rows at the beginning are looked at.
    private static let sampleRows = 50

    /// The dialect of a text: the separator that gives each of the first rows the same number of fields.
    ///
    /// A semicolon or a tab goes before a comma, which may also stand in numbers. Runs of spaces separate only where
    /// nothing else does and half of what they separate are numbers.
    init(detectedIn bytes: UnsafeRawBufferPointer) {
        func rows(_ separator: Separator) -> [[CSVField]]? {
            var scanner = CSVScanner(bytes, CSVDialect(separator))
            var rows: [[CSVField]] = []
            while rows.count < Self.sampleRows, let row = try? scanner.nextRow() {
                guard rows.first.map({ $0.count == row.fields.count }) ?? true else { return nil }
                rows.append(row.fields)
            }
            return rows.isEmpty || rows[0].count < 2 ? nil : rows
        }
        let tabs = rows(.tab)
        if rows(.semicolon) != nil {
            separator = .semicolon
        } else if rows(.comma) != nil {
            separator = .comma
        } else if let spaced = rows(.spaces), spaced[0].count > tabs?[0].count ?? 1,
            2 * spaced.joined().count(where: { $0.number != nil }) >= spaced.joined().count
        {
            separator = .spaces
        } else {
            separator = tabs == nil ? .comma : .tab
        }
    }
}
