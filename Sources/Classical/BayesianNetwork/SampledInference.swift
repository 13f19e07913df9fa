import Foundation
import Tensors

/// P(targets | evidence) from draws of the nodes, parents first, each draw with a weight.
///
///     P ≈ Σ w δ(targets) / Σ w
///
/// Source: Henrion 1988 (rejection); Fung and Chang 1990, Shachter and Peot 1990 (likelihood weighting).
public struct SampledInference: Sendable {
    /// What becomes of the nodes that are known.
    public enum Method: Sendable, CaseIterable {
        /// They are not drawn, w = Π_{e in evidence} p(e | parents of e).
        case likelihoodWeighting
        /// They are drawn like all others, and draws that disagree with what is known are rejected: w is 1 or 0.
        case rejection
    }

    private let network: BayesianNetwork
    private let method: Method

    /// Inference in a network by a method.
    public init(_ network: BayesianNetwork, by method: Method) {
        self.network = network
        self.method = method
    }

    /// P(targets | evidence), estimated from `count` draws.
    ///
    /// - Throws: `NetworkError.noneAgree` where every weight is zero, `.jointTooWide`.
    public func distribution(
        of targets: [Int], given evidence: [Int: Int] = [:], count: Int, using generator: inout Generator
    ) throws -> SampledDistribution {
        try network.requireJoint(of: targets)
        let relevant = network.ancestors(of: targets + evidence.keys)
        let order = network.ancestralOrder.filter(relevant.contains)
            .map { (place: $0, known: evidence[$0].map(Int32.init)) }
        var tally = WeightedTally(targets, in: network)
        var row = [Int32](repeating: 0, count: network.nodes.count)
        row.withUnsafeMutableBufferPointer { entries in
            for _ in 0..<count {
                var logWeight = 0.0
                for (place, known) in order where logWeight > -.infinity {
                    if let known, method == .likelihoodWeighting {
                        entries[place] = known
                        let begin = network.rowBegin(of: place, entries)
                        logWeight += log(network.nodes[place].table[begin + Int(known)])
                    } else {
                        entries[place] = network.draw(place, given: entries, using: &generator)
                        if let known, entries[place] != known { logWeight = -.infinity }
                    }
                }
                if logWeight > -.infinity { tally.add(logWeight: logWeight, entries) }
            }
        }
        guard tally.total > 0 else {
            throw NetworkError.noneAgree(evidence: network.text(of: evidence), count: count, what: "draws")
        }
        return SampledDistribution(tally, targets, in: network)
    }
}
