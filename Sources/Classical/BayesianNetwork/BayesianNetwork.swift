/// A Bayesian network of discrete nodes: p(x) = Π_i p(x_i | parents of x_i), each factor a table.
///
///     let network = try BayesianNetwork(nodes: [
///         .init("Cloud", ["yes", "no"], table: [[0.5, 0.5]]),
///         .init("Sprinkler", ["yes", "no"], parents: ["Cloud"], table: [[0.1, 0.9], [0.5, 0.5]]),
///         .init("Rain", ["yes", "no"], parents: ["Cloud"], table: [[0.8, 0.2], [0.2, 0.8]]),
///     ])
///
/// With some nodes hidden it is a model like any other here: the prior and the decoder are its tables, and the exact
/// posterior of the hidden nodes is its encoder.
public struct BayesianNetwork: Sendable, Equatable {
    /// A node: its categories, its parents and p(category | parents).
    public struct Node: Sendable, Equatable {
        /// The name.
        public let name: String
        /// What its values are called, one or more.
        public let categories: [String]
        /// The names of its parents.
        public let parents: [String]
        /// A row for each combination of the parents' categories, the last parent's fastest, and in it a probability
        /// for each category; all in one list.
        public internal(set) var table: [Double]
        /// Whether nobody sees it: what its categories mean was for the data to say, so that a column of its name in a
        /// table has other values, and is passed over.
        public internal(set) var isHidden: Bool

        /// A node with its table.
        ///
        /// - Parameters:
        ///   - name: The name.
        ///   - categories: What its values are called.
        ///   - parents: The names of its parents.
        ///   - table: A row for each combination of the parents' categories, the last parent's fastest. Without it,
        ///     every category is as probable as the others.
        ///   - isHidden: Whether nobody sees it.
        public init(
            _ name: String, _ categories: [String], parents: [String] = [], table: [[Double]] = [],
            isHidden: Bool = false
        ) {
            self.name = name
            self.categories = categories
            self.parents = parents
            self.table = Array(table.joined())
            self.isHidden = isHidden
        }
    }

    /// How far the sum of a row may be from one.
    ///
    /// Files round their numbers; what is less than this is divided out.
    public static let roundingTolerance = 1e-3
    /// The most numbers that a table may have.
    public static let tableLimit = 1 << 24

    /// What the network is called.
    public var name: String
    /// The nodes, in the order in which data has its columns.
    public private(set) var nodes: [Node]
    /// The places of each node's parents.
    public let parents: [[Int]]
    /// The places of the nodes, every parent before its children.
    public let ancestralOrder: [Int]
    /// How many categories each node has.
    public let sizes: [Int]

    /// A network of nodes.
    ///
    /// - Throws: `NetworkError` where names, tables or arrows are at fault.
    public init(name: String = "network", nodes: [Node]) throws {
        guard !nodes.isEmpty else { throw NetworkError.data(reason: "a network needs at least one node") }
        let names = nodes.map(\.name)
        var places: [String: Int] = [:]
        for (place, name) in names.enumerated() {
            guard places.updateValue(place, forKey: name) == nil else {
                throw NetworkError.malformedNode(name: name, reason: "another node has this name")
            }
        }
        self.name = name
        self.sizes = nodes.map(\.categories.count)
        self.parents = try nodes.map { node in
            try node.parents.map { parent in
                guard let place = places[parent] else {
                    throw NetworkError.unknownNode(name: parent, known: names)
                }
                return place
            }
        }
        for node in nodes {
            let isRepeated =
                Set(node.categories).count != node.categories.count
                || Set(node.parents).count != node.parents.count
            guard !node.categories.isEmpty, !isRepeated else {
                throw NetworkError.malformedNode(
                    name: node.name,
                    reason: node.categories.isEmpty
                        ? "no categories" : "a category or a parent is named twice")
            }
        }
        self.ancestralOrder = try Self.ancestralOrder(parents, names: names)
        self.nodes = nodes
        for place in nodes.indices { self.nodes[place].table = try checkedTable(of: place) }
    }

    /// The same network with other tables, which must be distributions.
    func with(tables: [[Double]]) -> BayesianNetwork {
        var changed = self
        for place in nodes.indices { changed.nodes[place].table = tables[place] }
        return changed
    }

    /// The same network with some nodes hidden, beside those that are.
    public func hiding(_ places: some Sequence<Int>) -> BayesianNetwork {
        var changed = self
        for place in places { changed.nodes[place].isHidden = true }
        return changed
    }

    /// The tables of all nodes.
    var tables: [[Double]] { nodes.map(\.table) }

    /// The place of a node.
    ///
    /// - Throws: `NetworkError.unknownNode`.
    public func place(of name: String) throws -> Int {
        guard let place = nodes.firstIndex(where: { $0.name == name }) else {
            throw NetworkError.unknownNode(name: name, known: nodes.map(\.name))
        }
        return place
    }

    /// The place of a category of a node.
    ///
    /// - Throws: `NetworkError.unknownCategory`.
    public func category(_ name: String, ofNode place: Int) throws -> Int {
        guard let category = nodes[place].categories.firstIndex(of: name) else {
            throw NetworkError.unknownCategory(
                node: nodes[place].name, name: name, known: nodes[place].categories)
        }
        return category
    }

    /// Some nodes with all from which they descend.
    func ancestors(of places: some Sequence<Int>) -> Set<Int> {
        var found = Set(places)
        var open = Array(found)
        while let place = open.popLast() {
            for parent in parents[place] where found.insert(parent).inserted { open.append(parent) }
        }
        return found
    }

    /// `Cloud=yes, Rain=no`.
    public func text(of values: [Int: Int]) -> String {
        values.sorted { $0.key < $1.key }.map { "\(nodes[$0].name)=\(nodes[$0].categories[$1])" }
            .joined(separator: ", ")
    }
}

extension BayesianNetwork {
    /// A node's table, every row divided by its sum, or uniform rows where the node has none.
    private func checkedTable(of place: Int) throws -> [Double] {
        let node = nodes[place]
        let width = sizes[place]
        let rows = parents[place].reduce(1.0) { $0 * Double(sizes[$1]) }
        guard rows * Double(width) <= Double(Self.tableLimit) else {
            throw NetworkError.malformedNode(
                name: node.name, reason: "its table would have more than \(Self.tableLimit) numbers")
        }
        let count = Int(rows) * width
        if node.table.isEmpty { return Array(repeating: 1 / Double(width), count: count) }
        guard node.table.count == count else {
            throw NetworkError.malformedNode(
                name: node.name, reason: "its table has \(node.table.count) numbers, expected \(count)")
        }
        guard node.table.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
            throw NetworkError.malformedNode(name: node.name, reason: "its table has a number below 0")
        }
        var table = node.table
        for row in 0..<Int(rows) {
            let range = row * width..<(row + 1) * width
            let sum = table[range].reduce(0, +)
            guard abs(sum - 1) <= Self.roundingTolerance else {
                throw NetworkError.notADistribution(
                    node: node.name, row: text(ofRow: row, of: place), sum: sum)
            }
            // What is one but for the last bits is left as it was written.
            if abs(sum - 1) > 1e-12 { for index in range { table[index] /= sum } }
        }
        return table
    }

    /// The names of the parents' categories in a row of a node's table.
    public func parentCategories(ofRow row: Int, of place: Int) -> [String] {
        var rest = row
        let reversed = parents[place].reversed().map { parent in
            defer { rest /= sizes[parent] }
            return nodes[parent].categories[rest % sizes[parent]]
        }
        return reversed.reversed()
    }

    /// The combination of the parents' categories in a row of a node's table: `Sprinkler=yes, Rain=no`.
    public func text(ofRow row: Int, of place: Int) -> String {
        zip(nodes[place].parents, parentCategories(ofRow: row, of: place)).map { "\($0)=\($1)" }
            .joined(separator: ", ")
    }

    private static func ancestralOrder(_ parents: [[Int]], names: [String]) throws -> [Int] {
        var order: [Int] = []
        var isPlaced = [Bool](repeating: false, count: parents.count)
        // Each pass places the nodes whose parents are placed, in the order in which they were given.
        while order.count < parents.count {
            let before = order.count
            for place in parents.indices where !isPlaced[place] && parents[place].allSatisfy({ isPlaced[$0] })
            {
                isPlaced[place] = true
                order.append(place)
            }
            guard order.count > before else { throw cycle(parents, isPlaced, names) }
        }
        return order
    }

    /// The circle that one comes to by going from child to parent among nodes that could not be placed.
    private static func cycle(_ parents: [[Int]], _ isPlaced: [Bool], _ names: [String]) -> NetworkError {
        var path: [Int] = []
        var current = isPlaced.firstIndex(of: false) ?? 0
        while !path.contains(current) {
            path.append(current)
            current = parents[current].first { !isPlaced[$0] } ?? current
        }
        let circle = path[(path.firstIndex(of: current) ?? 0)...] + [current]
        return .cyclic(path: circle.reversed().map { names[$0] })
    }
}
