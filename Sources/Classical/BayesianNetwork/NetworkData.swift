import Formats

/// Rows of categories, one column for each node of a network, with entries missing anywhere.
public struct NetworkData: Sendable, Equatable {
    /// What stands for an entry that is missing.
    static let missing: Int32 = -1

    /// The entries, row by row; `missing` or the place of a category.
    private(set) var values: [Int32]
    /// How many columns there are, one for each node.
    public let columns: Int
    /// How many rows there are.
    public var rows: Int { columns == 0 ? 0 : values.count / columns }

    /// Rows of a network's categories.
    ///
    /// - Parameters:
    ///   - rows: The place of a category for each node, or nil where it is missing.
    ///   - network: The network.
    /// - Throws: `NetworkError.data` where there is no such node or category.
    public init(_ rows: some Sequence<[Int?]>, of network: BayesianNetwork) throws {
        columns = network.nodes.count
        values = []
        for (index, row) in rows.enumerated() {
            guard row.count == columns else {
                throw NetworkError.data(
                    reason: "row \(index + 1) has \(row.count) entries for \(columns) nodes")
            }
            for (place, entry) in row.enumerated() {
                guard let entry else {
                    values.append(Self.missing)
                    continue
                }
                guard (0..<network.sizes[place]).contains(entry) else {
                    throw NetworkError.data(
                        reason:
                            "row \(index + 1): node '\(network.nodes[place].name)' has no category \(entry)")
                }
                values.append(Int32(entry))
            }
        }
    }

    init(values: [Int32], columns: Int) {
        self.values = values
        self.columns = columns
    }

    /// The category of a node in a row, or nil where it is missing.
    public subscript(row: Int, node: Int) -> Int? {
        let value = values[row * columns + node]
        return value == Self.missing ? nil : Int(value)
    }

    /// What is known in a row.
    public func evidence(inRow row: Int) -> [Int: Int] {
        var found: [Int: Int] = [:]
        for node in 0..<columns { found[node] = self[row, node] }
        return found
    }

    /// The first rows.
    public func prefix(_ count: Int) -> NetworkData {
        NetworkData(values: Array(values.prefix(min(count, rows) * columns)), columns: columns)
    }

    /// The same rows with some nodes missing in all of them.
    public func hiding(_ nodes: some Sequence<Int>) -> NetworkData {
        var hidden = self
        for node in nodes { for row in 0..<rows { hidden.values[row * columns + node] = Self.missing } }
        return hidden
    }
}

extension NetworkData {
    /// The first of each group of equal rows with how many there are, in the order of the data; and for each row, which
    /// of these it is.
    func uniqueRows() -> (first: [(row: Int, count: Int)], kindOfRow: [Int]) {
        var places: [ArraySlice<Int32>: Int] = [:]
        var first: [(row: Int, count: Int)] = []
        let kindOfRow = (0..<rows).map { row in
            let entries = values[row * columns..<(row + 1) * columns]
            let place = places[entries] ?? first.count
            if place == first.count {
                places[entries] = place
                first.append((row, 0))
            }
            first[place].count += 1
            return place
        }
        return (first, kindOfRow)
    }
}

extension NetworkData {
    /// The rows of a table, whose columns are found by the names of nodes; nodes without a column are missing, and so are
    /// hidden nodes, columns without a node are passed over.
    ///
    /// An empty field is missing, and so are `?`, `NA` and `NaN` unless the node has a category of this name.
    ///
    /// - Parameters:
    ///   - table: The table, read with all columns as text.
    ///   - network: The network.
    /// - Throws: `NetworkError` where a category is unknown or no column is a node that is not hidden.
    public init(_ table: CSVTable, of network: BayesianNetwork) throws {
        let rows = table.rowCount
        let columns = network.nodes.count
        var values = [Int32](repeating: Self.missing, count: rows * columns)
        var isAnyKnown = false
        for (place, node) in network.nodes.enumerated() where !node.isHidden {
            guard let column = table.columns.first(where: { $0.name == node.name }) else { continue }
            isAnyKnown = true
            let categories = Dictionary(uniqueKeysWithValues: node.categories.enumerated().map { ($1, $0) })
            for (row, text) in column.content.texts.enumerated() {
                if let category = categories[text] {
                    values[row * columns + place] = Int32(category)
                } else if !Self.isMissing(text) {
                    throw NetworkError.data(
                        reason: "row \(row + 1): "
                            + NetworkError.unknownCategory(
                                node: node.name, name: text, known: node.categories
                            ).description)
                }
            }
        }
        guard isAnyKnown else {
            let seen = network.nodes.contains(where: \.isHidden) ? " that is not hidden" : ""
            throw NetworkError.data(
                reason: "no column is a node of the network\(seen); its columns are "
                    + table.columns.map(\.name).joined(separator: ", "))
        }
        self.init(values: values, columns: columns)
    }

    /// Whether a field that is no category says that there is no value.
    static func isMissing(_ text: String) -> Bool { ["", "?", "na", "nan"].contains(text.lowercased()) }
}
