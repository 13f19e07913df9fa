import Foundation

/// Comma-separated values, as RFC 4180 has them, with `\n` or `\r\n` between rows.
///
/// Semicolons, tabs or runs of spaces may stand in the place of commas; which do is found out.
public enum CSV {
    /// Whether the first row holds names.
    public enum Header: String, CaseIterable, Sendable {
        /// It does.
        case present = "yes"
        /// It does not.
        case absent = "no"
        /// That is found by comparing it with the rows below.
        case detected = "auto"
    }

    /// What a field takes from its text to the tensor of its table: numbers or texts by column, and twice by row.
    private static let fieldBytes = 48

    /// Reads a file, compressed with gzip or not.
    ///
    /// - Throws: `FormatError.file`, with the row where one is at fault.
    public static func read(
        _ url: URL, header: Header = .detected, allText: Bool = false
    ) throws -> CSVTable {
        try InputFile.parse(url) { try decode($0, header: header, allText: allText) }
    }

    /// Reads a table, compressed with gzip or not; blank lines are passed over.
    ///
    /// A column holds numbers where all of its fields are numbers or missing; others hold text. Missing are empty fields, `?`, `-`, `NA`, `N/A`, `#N/A`, `NaN`, `null` and `None`, in any case; in a column of
    /// numbers they are NaN. With `allText` every column is text as it stands, for tables of categories, some of which
    /// are numbers.
    ///
    /// - Throws: `FormatError`, with the row where one is at fault.
    public static func decode(
        _ data: Data, header: Header = .detected, allText: Bool = false
    ) throws -> CSVTable {
        let data = try MemoryLimit.text(of: data, .csv, fieldBytes: fieldBytes)
        return try data.withUnsafeBytes { bytes in
            let scanner = CSVScanner(bytes, CSVDialect(detectedIn: bytes))
            let below = try CSVSurvey(scanner)
            let hasHeader =
                switch header {
                case .present: true
                case .absent: false
                case .detected: below.hasHeader
                }
            let survey = hasHeader ? below : below.includingFirst()
            guard survey.rowCount > 0, !survey.columns.isEmpty else {
                throw FormatError.corrupt(.csv, reason: "it has no rows")
            }
            let names = try names(hasHeader ? below.first.fields.map(\.text) : [], survey.columns.count)
            var builders = survey.columns.map { column in
                CSVColumnBuilder(isText: allText || column.texts > 0, capacity: survey.rowCount)
            }
            var rows = scanner
            if hasHeader { _ = try rows.nextRow() }
            while let row = try rows.nextRow() {
                for (index, field) in row.fields.enumerated() { builders[index].append(field) }
            }
            var notes: [String] = []
            if header == .detected, hasHeader, below.first.fields.contains(where: { $0.number != nil }) {
                let found = below.first.fields.prefix(4).map(\.text).joined(separator: ", ")
                notes.append(
                    "the first row is taken for the names of columns (\(FormatError.quoted(found))); if it holds values, say that "
                        + "there is no header"
                )
            }
            if !allText { notes += zip(names, survey.columns).compactMap(mixedNote) }
            return CSVTable(
                columns: zip(names, builders).map { CSVTable.Column(name: $0, content: $1.content) },
                notes: notes)
        }
    }

    /// The names of columns; those without one are counted.
    private static func names(_ header: [String], _ count: Int) throws -> [String] {
        let names = (0..<count).map { index in
            index < header.count && !header[index].isEmpty ? header[index] : "column \(index + 1)"
        }
        if let repeated = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw FormatError.corrupt(.csv, reason: "two columns are named \(repeated.debugDescription)")
        }
        return names
    }

    /// A line on a column that is text for some of its fields only.
    private static func mixedNote(_ name: String, _ column: CSVSurvey.Column) -> String? {
        guard column.numbers > 0, let (line, text) = column.firstText else { return nil }
        return "column \(FormatError.quoted(name)) is text, as row \(line) has \(FormatError.quoted(text))"
    }

    /// Writes rows of numbers below a header.
    ///
    /// Numbers get the digits that it takes to read the same value back.
    ///
    /// - Parameters:
    ///   - names: the header.
    ///   - rows: each as long as `names`.
    /// - Returns: the text as UTF-8.
    public static func encode(names: [String], rows: some Sequence<[Double]>) -> Data {
        var text = names.map(quoted).joined(separator: ",") + "\n"
        for row in rows {
            precondition(
                row.count == names.count, "A CSV row of \(row.count) fields under \(names.count) names.")
            text += row.map { "\($0)" }.joined(separator: ",") + "\n"
        }
        return Data(text.utf8)
    }

    /// Writes rows of text below a header.
    ///
    /// - Parameters:
    ///   - names: the header.
    ///   - rows: each as long as `names`.
    /// - Returns: the text as UTF-8.
    public static func encode(names: [String], texts rows: some Sequence<[String]>) -> Data {
        var text = names.map(quoted).joined(separator: ",") + "\n"
        for row in rows {
            precondition(
                row.count == names.count, "A CSV row of \(row.count) fields under \(names.count) names.")
            text += row.map(quoted).joined(separator: ",") + "\n"
        }
        return Data(text.utf8)
    }

    private static func quoted(_ name: String) -> String {
        guard name.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return name }
        return "\"" + name.replacing("\"", with: "\"\"") + "\""
    }
}
