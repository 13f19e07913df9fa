import Foundation
import Probability
import Tensors

/// rate + (β − 1) TC, TC = KL(q(z) ‖ Π_j q(z_j)): penalizes dependence between units only.
///
/// The rate is mutual information, total correlation and the units' divergences from the prior; here the second alone
/// weighs β. The aggregated posterior q(z) = 1/N Σ_n q(z | x_n) is estimated over the batch.
///
/// Source: Chen, Li, Grosse, Duvenaud 2018, "Isolating sources of disentanglement in VAEs", eq. 2 to 4 and appendix C,
/// arXiv:1802.04942. The authors' code takes all parts from the draws; here the rate is the bound's.
public struct TotalCorrelation: Regularizer, Codable, Equatable {
    /// How examples of the batch stand for all N.
    public enum Sampling: String, Codable, Sendable, CaseIterable {
        /// Each for N of them: biased, in the paper the better choice.
        case weighted
        /// An example for itself, the others for the other N − 1: unbiased before the logarithm.
        case stratified
    }

    /// β.
    public var weight: Double
    /// How examples of the batch stand for all.
    public var sampling: Sampling

    /// A weight of the total correlation.
    public init(weight: Double, sampling: Sampling = .weighted) {
        self.weight = weight
        self.sampling = sampling
    }

    /// It compares each draw with the posteriors of the other examples of the batch.
    public var coupling: Coupling { .pairs }

    /// TC, once for each example.
    public func sums(of trace: Trace, at moment: Moment) -> [String: Tensor] {
        ["correlation": estimate(of: trace, exampleCount: moment.exampleCount) * Double(trace.count)]
    }

    /// The mean rate + (β − 1) TC.
    public func cost(of sums: Sums, at moment: Moment) -> Tensor {
        sums.mean("rate") + sums.mean("correlation") * (weight - 1)
    }

    /// The total correlation of the latent units, nats: a scalar.
    ///
    /// - Parameters:
    ///   - trace: Of a batch.
    ///   - exampleCount: N; the batch when absent.
    /// - Returns: The mean of log q(z) − Σ_j log q(z_j) over all draws.
    public func estimate(of trace: Trace, exampleCount: Int? = nil) -> Tensor {
        let densities = trace.crossDensities()
        let batch = densities.size(along: 1)
        let logShares = logShares(batch: batch, examples: exampleCount ?? batch, dtype: densities.dtype)
        let joint = (densities.sum(along: -1) + logShares).logSumExp(along: 2)
        let units = (densities + logShares.expanded(at: -1)).logSumExp(along: 2)
        return (joint - units.sum(along: -1)).mean()
    }

    /// The log of how much the posterior of each example counts in q at the draw of another, `[draws, posteriors]`.
    private func logShares(batch: Int, examples: Int, dtype: DType) -> Tensor {
        let (count, others) = (Double(examples), Double(batch - 1))
        guard sampling == .stratified, batch > 1 else {
            return Tensor(repeating: -log(count * Double(batch)), shape: [batch, batch], dtype: dtype)
        }
        // Of M others, M − 1 count 1/M, and the last what is missing to one; which one that is makes no difference.
        let shares = (0..<batch).flatMap { draw in
            (0..<batch).map { posterior in
                switch (posterior - draw + batch) % batch {
                case 0: log(1 / count)
                case 1: log((count - others) / (count * others))
                default: log(1 / others)
                }
            }
        }
        return Tensor(shares, shape: [batch, batch]).converted(to: dtype)
    }
}

extension Trace {
    /// log q(z_u | x) of each unit of each draw under the posterior of each example of the batch, groups side by side.
    ///
    /// - Returns: `[samples, batch of draws, batch of posteriors, units]`, nats.
    /// - Precondition: The units of the posteriors are independent, and depend on no draws of other latents.
    func crossDensities() -> Tensor {
        let parts = latents.map { group in
            guard let posterior = group.posterior as? any HasElementwiseDensity else {
                preconditionFailure("the units of \(group.name) have no densities of their own")
            }
            return posterior.elementwiseLogProbability(of: group.draw.value.expanded(at: 2)).flattened(
                from: 3)
        }
        return Tensor.concatenated(parts, along: -1)
    }
}
