/// A probability block of BIF text, before the variables that it names are known.
struct BIFTable {
    struct Entry {
        enum Kind: Equatable {
            /// All numbers, the node's categories in the slowest index.
            case table
            /// The row for one combination of the parents' categories.
            case row([String])
            /// The row for every combination that no other entry gives.
            case rest
        }

        let kind: Kind
        let values: [Double]
        let line: Int
    }

    let child: String
    let parents: [String]
    let line: Int
    var entries: [Entry] = []
    var properties: [String] = []

    /// No table of a network that anyone learns is larger; a file that claims so would take all memory.
    static let limit = 1 << 24

    /// Throws unless child and parents are variables, each once.
    func checkNames(_ places: [String: Int]) throws {
        for name in [child] + parents where places[name] == nil {
            throw failure("there is no variable \(FormatError.quoted(name))")
        }
        guard Set([child] + parents).count == parents.count + 1 else {
            throw failure("\(FormatError.quoted(child)) or a parent of it is named twice")
        }
    }

    /// The numbers in rows, a row for each combination of the parents' categories, the last parent's fastest.
    func values(categories: [String], ofParents parentCategories: [[String]]) throws -> [Double] {
        var rows = 1
        for size in parentCategories.map(\.count) {
            rows = rows.multipliedReportingOverflow(by: size).partialValue
            guard rows > 0, rows <= Self.limit / categories.count else {
                throw failure("the table of \(FormatError.quoted(child)) has more than \(Self.limit) numbers")
            }
        }
        let width = categories.count
        var table = [Double](repeating: 0, count: rows * width)
        var isGiven = [Bool](repeating: false, count: rows)
        for entry in entries {
            let expected = entry.kind == .table ? rows * width : width
            guard entry.values.count == expected else {
                throw failure(
                    "\(entry.values.count) numbers for \(FormatError.quoted(child)), expected \(expected)",
                    line: entry.line)
            }
            switch entry.kind {
            case .table:
                guard !isGiven.contains(true) else {
                    throw failure(
                        "this table of \(FormatError.quoted(child)) would overwrite what stands above it; "
                            + "keep one of the two", line: entry.line)
                }
                for category in 0..<width {
                    for row in 0..<rows {
                        table[row * width + category] = entry.values[category * rows + row]
                    }
                }
                isGiven = isGiven.map { _ in true }
            case .row(let labels):
                let row = try self.row(labels, parentCategories, line: entry.line)
                guard !isGiven[row] else {
                    throw failure(
                        "row \(FormatError.quoted(labels.joined(separator: ", "))) is given twice for \(FormatError.quoted(child))",
                        line: entry.line)
                }
                table.replaceSubrange(row * width..<(row + 1) * width, with: entry.values)
                isGiven[row] = true
            case .rest: break
            }
        }
        try fillRest(of: &table, isGiven, width: width)
        return table
    }

    private func fillRest(of table: inout [Double], _ isGiven: [Bool], width: Int) throws {
        let defaults = entries.filter { $0.kind == .rest }
        guard defaults.count <= 1 else {
            throw failure("\(FormatError.quoted(child)) has two defaults", line: defaults[1].line)
        }
        for row in isGiven.indices where !isGiven[row] {
            guard let rest = defaults.first else {
                throw failure(
                    "the table of \(FormatError.quoted(child)) lacks \(isGiven.count { !$0 }) of "
                        + "\(isGiven.count) rows and has no default")
            }
            table.replaceSubrange(row * width..<(row + 1) * width, with: rest.values)
        }
    }

    private func row(_ labels: [String], _ parentCategories: [[String]], line: Int) throws -> Int {
        guard labels.count == parents.count else {
            throw failure(
                "\(labels.count) categories for the \(parents.count) parents of \(FormatError.quoted(child))",
                line: line)
        }
        return try zip(labels, zip(parents, parentCategories)).reduce(0) { row, next in
            let (label, (parent, categories)) = next
            guard let place = categories.firstIndex(of: label) else {
                throw failure(
                    "\(FormatError.quoted(label)) is no category of \(FormatError.quoted(parent)), which has "
                        + FormatError.quoted(categories.joined(separator: ", ")), line: line)
            }
            return row * categories.count + place
        }
    }

    private func failure(_ reason: String, line: Int? = nil) -> FormatError {
        .malformedLine(.bif, line: line ?? self.line, reason: reason)
    }
}
