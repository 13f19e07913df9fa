import Foundation

/// Comma-separated values, as RFC 4180 has them, with `\n` or `\r\n` between rows.
public enum CSV {
    /// Whether the first row holds names.
    public enum Header: Sendable {
        case present
        case absent
        /// It does, unless one of its fields is a number.
        case detected
    }

    /// Reads a file, compressed with gzip or not.
    ///
    /// - Throws: `FormatError.file`, with row and column where a field is at fault.
    public static func read(
        _ url: URL, header: Header = .detected, allText: Bool = false
    ) throws -> CSVTable {
        try InputFile.parse(url) { try decode($0, header: header, allText: allText) }
    }

    /// Reads a table, compressed with gzip or not; blank lines are passed over.
    ///
    /// A column whose first field that is not empty is a number must hold numbers only; others are text. An
    /// empty field, `NA` and `NaN` in a column of numbers are NaN. With `allText` every column is text as it stands,
    /// for tables of categories, some of which are numbers.
    ///
    /// - Throws: `FormatError`, with row and column where a field is at fault.
    public static func decode(
        _ data: Data, header: Header = .detected, allText: Bool = false
    ) throws -> CSVTable {
        let data = try Gzip.inflateIfCompressed(data)
        var names: [String]?
        var columns: [CSVColumnBuilder] = []
        try data.withUnsafeBytes { bytes in
            var scanner = CSVScanner(bytes)
            while let row = try scanner.nextRow() {
                guard !columns.isEmpty else {
                    columns = row.fields.map { _ in CSVColumnBuilder(isText: allText) }
                    let isHeader =
                        switch header {
                        case .present: true
                        case .absent: false
                        case .detected: !row.fields.contains { $0.number != nil }
                        }
                    if isHeader { names = row.fields.map(\.text) } else { try append(row, to: &columns) }
                    continue
                }
                guard row.fields.count == columns.count else {
                    throw FormatError.raggedRow(
                        .csv, row: row.line, expected: columns.count, found: row.fields.count)
                }
                try append(row, to: &columns)
            }
        }
        guard let count = columns.first?.count, count > 0 else {
            throw FormatError.corrupt(.csv, reason: "it has no rows")
        }
        let resolved = names ?? columns.indices.map { "column \($0 + 1)" }
        if let repeated = resolved.first(where: { name in resolved.count { $0 == name } > 1 }) {
            throw FormatError.corrupt(.csv, reason: "two columns are named \(repeated.debugDescription)")
        }
        return CSVTable(
            columns: zip(resolved, columns).map { CSVTable.Column(name: $0, content: $1.content) })
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

    private static func append(_ row: CSVScanner.Row, to columns: inout [CSVColumnBuilder]) throws {
        for (index, field) in row.fields.enumerated() where !columns[index].append(field) {
            throw FormatError.notANumber(.csv, row: row.line, column: index + 1, text: field.text)
        }
    }

    private static func quoted(_ name: String) -> String {
        guard name.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return name }
        return "\"" + name.replacing("\"", with: "\"\"") + "\""
    }
}
