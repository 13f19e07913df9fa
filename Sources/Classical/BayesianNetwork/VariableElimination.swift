/// Exact answers: P(targets | evidence) by summing the other nodes out, one after the other.
///
/// Nodes from which neither a target nor evidence descends sum to one and are left out; the order of the others is
/// min-fill.
public struct VariableElimination: Sendable {
    private let network: BayesianNetwork

    /// Inference in a network.
    public init(_ network: BayesianNetwork) { self.network = network }

    /// P(targets | evidence).
    ///
    /// - Parameters:
    ///   - targets: Places of nodes, each once.
    ///   - evidence: The category of each node that is known.
    /// - Returns: The joint distribution of the targets.
    /// - Throws: `NetworkError.impossibleEvidence`, `.tooWide`, `.jointTooWide`.
    public func distribution(
        of targets: [Int], given evidence: [Int: Int] = [:]
    ) throws -> JointDistribution {
        try network.requireJoint(of: targets)
        let open = targets.filter { evidence[$0] == nil }
        let (_, found) = try eliminate(keeping: open, evidence)
        var probabilities = [Double](
            repeating: 0, count: targets.reduce(1) { $0 * network.sizes[$1] })
        // A target that is known itself has all probability at its category.
        let places = EliminationPlan.places(of: open, in: targets, sizes: network.sizes)
        let base = zip(targets.indices, targets).reduce(0) { base, target in
            let stride = targets[(target.0 + 1)...].reduce(1) { $0 * network.sizes[$1] }
            return base + stride * (evidence[target.1] ?? 0)
        }
        for (place, probability) in zip(places, found) { probabilities[base + place] = probability }
        return JointDistribution(targets, probabilities, in: network)
    }

    /// log P(evidence), −∞ where it is impossible.
    ///
    /// - Throws: `NetworkError.tooWide`.
    public func logProbability(of evidence: [Int: Int]) throws -> Double {
        do {
            return try eliminate(keeping: [], evidence).logTotal
        } catch NetworkError.impossibleEvidence {
            return -.infinity
        }
    }

    private func eliminate(
        keeping kept: [Int], _ evidence: [Int: Int]
    ) throws -> (logTotal: Double, distribution: [Double]) {
        let relevant = network.ancestors(of: kept + evidence.keys).sorted()
        let families = relevant.map { FamilyView(of: $0, in: network) { evidence[$0] == nil } }
        let plan = try EliminationPlan(families.map(\.hidden), keeping: kept, in: network)
        var workspace = plan.workspace
        let found = plan.run(&workspace) { values in
            for (family, input) in zip(families, plan.inputs) {
                let table = network.nodes[family.node].table
                let base = family.base { evidence[$0] ?? 0 }
                for (index, offset) in zip(input, family.offsets) { values[index] = table[base + offset] }
            }
        }
        guard found.logTotal > -.infinity else {
            throw NetworkError.impossibleEvidence(network.text(of: evidence))
        }
        return found
    }
}

/// The joint distribution of some nodes.
public struct JointDistribution: Sendable, Equatable {
    /// The places of the nodes.
    public let nodes: [Int]
    /// How many categories each has.
    public let sizes: [Int]
    /// The probability of each combination of categories, the last node's fastest.
    public let probabilities: [Double]

    init(_ nodes: [Int], _ probabilities: [Double], in network: BayesianNetwork) {
        self.nodes = nodes
        self.sizes = nodes.map { network.sizes[$0] }
        self.probabilities = probabilities
    }

    /// The probability of one category of each node, in the order of `nodes`.
    public subscript(categories: Int...) -> Double { probabilities[index(of: categories)] }

    /// The place of a combination of categories among the probabilities.
    public func index(of categories: [Int]) -> Int {
        precondition(
            categories.count == sizes.count, "\(categories.count) categories for \(sizes.count) nodes")
        return zip(categories, sizes).reduce(0) { index, next in
            precondition(next.0 >= 0 && next.0 < next.1, "category \(next.0) of \(next.1)")
            return index * next.1 + next.0
        }
    }

    /// The category of each node in a place among the probabilities.
    public func categories(at index: Int) -> [Int] {
        var rest = index
        let reversed = sizes.reversed().map { size in
            defer { rest /= size }
            return rest % size
        }
        return reversed.reversed()
    }
}

extension BayesianNetwork {
    /// Checks that the joint distribution of some nodes is no larger than a table may be.
    func requireJoint(of targets: [Int]) throws {
        let entries = targets.reduce(1.0) { $0 * Double(sizes[$1]) }
        guard entries <= Double(Self.tableLimit) else {
            throw NetworkError.jointTooWide(nodes: targets.count, entries: entries)
        }
    }
}
