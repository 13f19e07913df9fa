/// Data taken apart for exact inference: what is known in full is counted once and for all, the rest falls into small
/// sums that many rows share.
///
/// In a row, a table all of whose members are known is a factor by itself. The other tables hang together through the
/// members that are missing: each group of missing nodes that a path of tables connects is a sum of its own,
///
///     p(row) = Π_known θ · Π_groups Σ_h Π_f θ_f(h, what the row tells)
///
/// and rows that tell the same to a group share its sum, whatever else they tell.
struct NetworkRows: Sendable {
    /// A group of missing nodes and the tables that have one of them as a member.
    struct Group: Sendable {
        let hidden: [Int]
        let families: [FamilyView]
        let plan: EliminationPlan
        /// What rows tell it: the base in the table of each family.
        fileprivate(set) var cases: [[Int32]] = []
        /// How many rows tell each of these.
        fileprivate(set) var weights: [Double] = []
    }

    /// A row's part in a group.
    struct Part: Sendable {
        let group: Int
        let place: Int
    }

    /// A kind of row.
    struct Kind: Sendable {
        /// The first such row.
        let row: Int
        let count: Int
        /// Tables all of whose members are known, with the place of the entry.
        let known: [(node: Int, place: Int)]
        let parts: [Part]
    }

    private(set) var groups: [Group] = []
    /// The kinds of rows, in the order of the data.
    private(set) var kinds: [Kind] = []
    /// How often each entry of each table was seen.
    private(set) var counts: [[Double]]
    /// The kind of each row.
    let kindOfRow: [Int]

    /// Takes data apart.
    ///
    /// - Throws: `NetworkError.tooWide`.
    init(_ data: NetworkData, in network: BayesianNetwork) throws {
        counts = network.nodes.map { Array(repeating: 0, count: $0.table.count) }
        let (uniqueRows, kindOfRow) = data.uniqueRows()
        self.kindOfRow = kindOfRow
        var groupPlaces: [[Int]: Int] = [:]
        var patterns: [[Int]: [Int]] = [:]
        var casePlaces: [[[Int32]: Int]] = []
        let complete = network.nodes.indices.map { FamilyView(of: $0, in: network) { _ in false } }
        for (row, count) in uniqueRows {
            let hidden = network.nodes.indices.filter { data[row, $0] == nil }
            if patterns[hidden] == nil {
                patterns[hidden] = try Self.connected(hidden, in: network).map { nodes in
                    if let place = groupPlaces[nodes] { return place }
                    groupPlaces[nodes] = groups.count
                    casePlaces.append([:])
                    groups.append(try Self.group(of: nodes, in: network))
                    return groups.count - 1
                }
            }
            let isHidden = Set(hidden)
            let known = network.nodes.indices.filter { node in
                !isHidden.contains(node) && isHidden.isDisjoint(with: network.parents[node])
            }.map { node in (node, complete[node].base { data[row, $0] ?? 0 }) }
            for (node, place) in known { counts[node][place] += Double(count) }
            let parts = (patterns[hidden] ?? []).map { place in
                let bases = groups[place].families.map { Int32($0.base { data[row, $0] ?? 0 }) }
                let index = casePlaces[place][bases] ?? groups[place].cases.count
                if index == groups[place].cases.count {
                    casePlaces[place][bases] = index
                    groups[place].cases.append(bases)
                    groups[place].weights.append(0)
                }
                groups[place].weights[index] += Double(count)
                return Part(group: place, place: index)
            }
            kinds.append(Kind(row: row, count: count, known: known, parts: parts))
        }
    }

    private static func group(of hidden: [Int], in network: BayesianNetwork) throws -> Group {
        let members = Set(hidden)
        let families = network.nodes.indices.filter { node in
            members.contains(node) || !members.isDisjoint(with: network.parents[node])
        }
        // Other members of these tables that are missing would be in the group as well.
        let views = families.map { FamilyView(of: $0, in: network, isHidden: members.contains) }
        return Group(
            hidden: hidden, families: views,
            plan: try EliminationPlan(views.map(\.hidden), in: network))
    }

    /// The missing nodes in groups that share no table.
    private static func connected(_ hidden: [Int], in network: BayesianNetwork) -> [[Int]] {
        var leader = Dictionary(uniqueKeysWithValues: hidden.map { ($0, $0) })
        func root(_ node: Int) -> Int {
            var node = node
            while let next = leader[node], next != node { node = next }
            return node
        }
        for node in network.nodes.indices {
            let members = (network.parents[node] + [node]).filter { leader[$0] != nil }.map(root)
            guard let first = members.min() else { continue }
            for member in members { leader[member] = first }
        }
        return Dictionary(grouping: hidden, by: root).values.sorted { $0[0] < $1[0] }
    }
}

extension NetworkRows.Group {
    /// log Σ_h Π_f θ_f of one case; afterwards the workspace knows the posterior, if it was asked for.
    func logTotal(
        of place: Int, _ tables: [[Double]], _ workspace: inout EliminationPlan.Workspace,
        differentiating: Bool
    ) -> Double {
        let bases = cases[place]
        let (logTotal, _) = plan.run(&workspace) { values in
            for (family, (input, base)) in zip(families, zip(plan.inputs, bases)) {
                tables[family.node].withUnsafeBufferPointer { table in
                    for (index, offset) in zip(input, family.offsets) {
                        values[index] = table[Int(base) + offset]
                    }
                }
            }
        }
        if differentiating, logTotal > -.infinity { plan.differentiate(&workspace) }
        return logTotal
    }
}
