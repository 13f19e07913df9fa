import Tensors

/// P(targets | evidence) from draws of the nodes that are not known, each weighted with the probability of what is.
///
///     w = Π_{e in evidence} p(e | parents of e),   P ≈ Σ w δ(targets) / Σ w
///
/// Source: Fung and Chang 1990; Shachter and Peot 1990.
public struct LikelihoodWeighting: Sendable {
    private let network: BayesianNetwork

    /// Inference in a network.
    public init(_ network: BayesianNetwork) { self.network = network }

    /// P(targets | evidence), estimated from `count` draws.
    ///
    /// - Throws: `NetworkError.noneAgree` where every weight is zero.
    public func distribution(
        of targets: [Int], given evidence: [Int: Int] = [:], count: Int, using generator: inout Generator
    ) throws -> SampledDistribution {
        try network.tallied(
            targets, evidence, count: count, what: "draws", using: &generator
        ) { place, known, entries, _ in
            entries[place] = Int32(known)
            return network.nodes[place].table[network.rowBegin(of: place, entries) + known]
        }
    }
}

/// P(targets | evidence) from those draws of all nodes that agree with the evidence.
public struct RejectionSampling: Sendable {
    private let network: BayesianNetwork

    /// Inference in a network.
    public init(_ network: BayesianNetwork) { self.network = network }

    /// P(targets | evidence), estimated from `count` draws, of which some are rejected.
    ///
    /// - Throws: `NetworkError.noneAgree` where all are.
    public func distribution(
        of targets: [Int], given evidence: [Int: Int] = [:], count: Int, using generator: inout Generator
    ) throws -> SampledDistribution {
        try network.tallied(
            targets, evidence, count: count, what: "draws", using: &generator
        ) { place, known, entries, generator in
            entries[place] = network.draw(place, given: entries, using: &generator)
            return Int(entries[place]) == known ? 1 : 0
        }
    }
}

extension BayesianNetwork {
    /// Draws nodes, parents first, and tallies the targets by their weights.
    ///
    /// `meet` settles a node that is known, and says by what the weight is to be multiplied.
    fileprivate func tallied(
        _ targets: [Int], _ evidence: [Int: Int], count: Int, what: String, using generator: inout Generator,
        meet: (Int, Int, UnsafeMutableBufferPointer<Int32>, inout Generator) -> Double
    ) throws -> SampledDistribution {
        try requireJoint(of: targets)
        let relevant = ancestors(of: targets + evidence.keys)
        let order = ancestralOrder.filter(relevant.contains).map { (place: $0, known: evidence[$0]) }
        var tally = WeightedTally(targets, in: self)
        var row = [Int32](repeating: 0, count: nodes.count)
        row.withUnsafeMutableBufferPointer { entries in
            for _ in 0..<count {
                var weight = 1.0
                for (place, known) in order where weight > 0 {
                    if let known {
                        weight *= meet(place, known, entries, &generator)
                    } else {
                        entries[place] = draw(place, given: entries, using: &generator)
                    }
                }
                if weight > 0 { tally.add(weight, entries) }
            }
        }
        guard tally.total > 0 else {
            throw NetworkError.noneAgree(evidence: text(of: evidence), count: count, what: what)
        }
        return SampledDistribution(tally, targets, in: self)
    }
}
