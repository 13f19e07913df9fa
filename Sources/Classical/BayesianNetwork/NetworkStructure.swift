import Formats

/// Arrows between named nodes, without tables: `Cloud -> Sprinkler, Cloud -> Rain -> Wet`.
public struct NetworkStructure: Sendable, Equatable {
    /// The most categories that a node takes from a table.
    private static let categoryLimit = 256

    /// The nodes, in the order in which they are named first.
    public private(set) var nodes: [String] = []
    /// The parents of each node, in the order of their arrows.
    public private(set) var parents: [[String]] = []

    /// Reads arrows, parted by commas, semicolons or line ends; a name alone is a node without arrows.
    ///
    /// - Throws: `NetworkError.malformedStructure`.
    public init(parsing text: String) throws {
        for chain in text.split(whereSeparator: { ",;\n".contains($0) }) {
            let names = chain.split(separator: "->", omittingEmptySubsequences: false).map {
                String($0.trimming { $0.isWhitespace })
            }
            if names == [""] { continue }
            for (index, name) in names.enumerated() {
                guard !name.isEmpty else {
                    throw NetworkError.malformedStructure(text: text, reason: "an arrow lacks a node")
                }
                add(name)
                guard index > 0, let place = nodes.firstIndex(of: name) else { continue }
                guard !parents[place].contains(names[index - 1]) else {
                    throw NetworkError.malformedStructure(
                        text: text, reason: "the arrow \(names[index - 1]) -> \(name) is drawn twice")
                }
                parents[place].append(names[index - 1])
            }
        }
        guard !nodes.isEmpty else {
            throw NetworkError.malformedStructure(text: text, reason: "it has no nodes")
        }
    }

    private mutating func add(_ name: String) {
        guard !nodes.contains(name) else { return }
        nodes.append(name)
        parents.append([])
    }

    /// The network with these arrows and uniform tables, whose categories are those that a table has.
    ///
    /// Categories that are whole numbers are put in their order, others in that of the alphabet.
    ///
    /// - Parameters:
    ///   - table: The table, read with all columns as text.
    ///   - hidden: How many categories each node has that the table does not tell; they are called `0`, `1`, …, and
    ///     these nodes are hidden.
    /// - Returns: The network.
    /// - Throws: `NetworkError` where a node is in neither, or the arrows are at fault.
    public func network(for table: CSVTable, hidden: [String: Int]) throws -> BayesianNetwork {
        for name in hidden.keys.sorted() where !nodes.contains(name) {
            throw NetworkError.unknownNode(name: name, known: nodes)
        }
        return try BayesianNetwork(
            nodes: zip(nodes, parents).map { name, parents in
                BayesianNetwork.Node(
                    name, try Self.categories(of: name, table, hidden: hidden), parents: parents,
                    isHidden: hidden[name] != nil)
            })
    }

    /// The nodes whose columns look like numbers or names rather than categories: three quarters of their values differ.
    ///
    /// - Parameters:
    ///   - table: The table, read with all columns as text.
    ///   - hidden: The nodes that the table does not tell.
    /// - Returns: Each with how many different values it has in how many rows.
    public func scatteredColumns(
        of table: CSVTable, hidden: some Collection<String>
    ) -> [(name: String, values: Int, rows: Int)] {
        table.columns.compactMap { column in
            guard nodes.contains(column.name), !hidden.contains(column.name) else { return nil }
            let known = column.content.texts.filter { !NetworkData.isMissing($0) }
            let values = Set(known).count
            // In fewer rows, they may all differ by chance.
            guard values >= 8, 4 * values >= 3 * known.count else { return nil }
            return (column.name, values, known.count)
        }
    }

    private static func categories(
        of name: String, _ table: CSVTable, hidden: [String: Int]
    ) throws -> [String] {
        if let count = hidden[name] { return (0..<count).map(String.init) }
        guard let column = table.columns.first(where: { $0.name == name }) else {
            throw NetworkError.unobserved(node: name, columns: table.columns.map(\.name))
        }
        let found = Set(column.content.texts).filter { !NetworkData.isMissing($0) }
        guard !found.isEmpty else {
            throw NetworkError.unobserved(node: name, columns: nil)
        }
        guard found.count <= categoryLimit else {
            throw NetworkError.data(
                reason: "column '\(name)' has \(found.count) different values, too many for categories; "
                    + "divide it into classes first")
        }
        let numbers = found.compactMap { Int($0) }
        guard numbers.count == found.count else { return found.sorted() }
        return found.sorted { (Int($0) ?? 0, $0) < (Int($1) ?? 0, $1) }
    }
}

extension Substring {
    fileprivate func trimming(_ isOuter: (Character) -> Bool) -> Substring {
        var trimmed = drop(while: isOuter)
        while let last = trimmed.last, isOuter(last) { trimmed.removeLast() }
        return trimmed
    }
}
