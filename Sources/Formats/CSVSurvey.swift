/// What a first reading of a text table finds out about its columns.
struct CSVSurvey {
    /// What is known of a column below the first row.
    struct Column {
        var numbers = 0
        /// Numbers with a fraction or an exponent.
        var fractions = 0
        /// Whole numbers from 1000 to 2999.
        var years = 0
        /// Fields that are neither numbers nor missing.
        var texts = 0
        /// The first of these, with its line.
        var firstText: (line: Int, text: String)?

        mutating func note(_ field: CSVField, line: Int) {
            if let number = field.number {
                numbers += 1
                if !field.isPlainInteger { fractions += 1 } else if 1000..<3000 ~= number { years += 1 }
            } else if !field.isMissing {
                texts += 1
                if firstText == nil { firstText = (line, field.text) }
            }
        }
    }

    /// The first row and its line.
    private(set) var first: (line: Int, fields: [CSVField]) = (0, [])
    private var second: [CSVField] = []
    private(set) var columns: [Column] = []
    /// Rows below the first.
    private(set) var rowCount = 0

    /// Reads all rows.
    ///
    /// - Throws: `FormatError.raggedRow` and what the scanner finds.
    init(_ scanner: CSVScanner) throws {
        var scanner = scanner
        while let row = try scanner.nextRow() {
            if columns.isEmpty {
                first = (row.line, row.fields)
                columns = row.fields.map { _ in Column() }
                continue
            }
            guard row.fields.count == columns.count else {
                throw FormatError.raggedRow(
                    .csv, row: row.line, expected: columns.count, found: row.fields.count)
            }
            if rowCount == 0 { second = row.fields }
            rowCount += 1
            for (index, field) in row.fields.enumerated() { columns[index].note(field, line: row.line) }
        }
    }

    /// Whether the first row holds names, found by comparing it with the rows below.
    ///
    /// It does where it has no number; where text stands above a column of numbers; and where its numbers are such as
    /// name columns, and differ in kind from those below: years, or whole numbers in equal steps above fractions.
    var hasHeader: Bool {
        let fields = first.fields
        let isText = fields.map { $0.number == nil && !$0.isMissing }
        guard fields.contains(where: { $0.number != nil }) else { return isText.contains(true) }
        let isAboveNumbers = columns.indices.contains {
            isText[$0] && columns[$0].texts == 0 && columns[$0].numbers > 0
        }
        if isAboveNumbers { return true }
        let named = columns.indices.filter { fields[$0].number != nil }
        let names = named.map { fields[$0].number! }
        guard named.allSatisfy({ fields[$0].isPlainInteger }), Self.areSteps(names) else { return false }
        let areAboveFractions = named.allSatisfy {
            columns[$0].fractions > 0 && 10 * columns[$0].fractions >= 9 * columns[$0].numbers
        }
        if named.count < fields.count {
            let areYears = named.allSatisfy {
                1000..<3000 ~= fields[$0].number! && columns[$0].numbers > 0
                    && 10 * columns[$0].years <= columns[$0].numbers
            }
            return areAboveFractions || areYears
        }
        // All are numbers: those that pandas gives to columns without names.
        guard names[0] == 0 || names[0] == 1, names[1] - names[0] == 1 else { return false }
        return areAboveFractions
            || (names.count >= 8 && !Self.areSteps(second.compactMap(\.number)))
    }

    /// Whether numbers grow in equal steps.
    private static func areSteps(_ numbers: [Double]) -> Bool {
        guard numbers.count > 1 else { return false }
        let steps = zip(numbers.dropFirst(), numbers).map(-)
        return steps[0] > 0 && steps.allSatisfy { $0 == steps[0] }
    }

    /// The same survey with the first row among the others.
    func includingFirst() -> CSVSurvey {
        var all = self
        for (index, field) in first.fields.enumerated() {
            // Reported before any other, as it comes first.
            var column = Column()
            column.note(field, line: first.line)
            all.columns[index].numbers += column.numbers
            all.columns[index].texts += column.texts
            if let text = column.firstText { all.columns[index].firstText = text }
        }
        all.rowCount += 1
        return all
    }
}
