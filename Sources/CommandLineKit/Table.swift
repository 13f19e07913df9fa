/// Rows of text in aligned columns, for a person to read.
public struct Table: Sendable {
    /// Which side of a column is flush.
    public enum Alignment: Sendable {
        /// For words.
        case left
        /// For numbers.
        case right
    }

    private let alignments: [Alignment]
    private var rows: [[String]]

    /// Makes a table without rows.
    ///
    /// - Parameter columns: The heading and alignment of each column.
    public init(_ columns: [(heading: String, alignment: Alignment)]) {
        alignments = columns.map(\.alignment)
        rows = [columns.map(\.heading.printable)]
    }

    /// Adds a row at the end, its cells `printable`.
    ///
    /// - Precondition: There is one cell for each column.
    public mutating func append(_ cells: [String]) {
        precondition(
            cells.count == alignments.count, "\(cells.count) cells in a table of \(alignments.count) columns")
        rows.append(cells.map(\.printable))
    }

    /// The lines, each with its line end: headings, a rule, the rows; columns are two spaces apart.
    public var text: String {
        let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = rows.map { cells in
            zip(cells, zip(widths, alignments)).map { cell, layout in
                let padding = String(repeating: " ", count: layout.0 - cell.count)
                return layout.1 == .left ? cell + padding : padding + cell
            }
        }
        lines.insert(widths.map { String(repeating: "-", count: $0) }, at: 1)
        return lines.map { line in
            let joined = line.joined(separator: "  ")
            return joined.prefix(through: joined.lastIndex { $0 != " " } ?? joined.startIndex) + "\n"
        }.joined()
    }
}
