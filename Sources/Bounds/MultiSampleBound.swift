import Foundation
import Tensors

/// A lower bound of log p(x) from the weights of K draws.
///
///     F = α 1/K Σ_k log w_k + (1 − α) 1/M Σ_m log (M/K Σ_{k in part m} w_k)
///
/// α = 1 is the ELBO, α = 0 with one part the importance-weighted bound, with M parts their average (MIWAE), and
/// anything between ELBO and importance-weighted bound the combined one (CIWAE).
///
/// Source: Burda, Grosse, Salakhutdinov 2016, eq. 8, arXiv:1509.00519; Rainforth et al. 2018, "Tighter variational
/// bounds are not necessarily better", eq. 9 to 11, arXiv:1802.04537.
public struct MultiSampleBound: Sendable, Equatable {
    /// M, into how many parts the draws are cut.
    public var parts: Int
    /// α, the share of the ELBO.
    public var elboShare: Double

    /// A bound.
    public init(parts: Int = 1, elboShare: Double = 0) {
        self.parts = parts
        self.elboShare = elboShare
    }

    /// The ELBO.
    public static let elbo = MultiSampleBound(elboShare: 1)
    /// The importance-weighted bound.
    public static let importanceWeighted = MultiSampleBound()

    /// F of log weights `[samples, batch]`, `[batch]`, nats.
    public func callAsFunction(_ logWeights: Tensor) -> Tensor {
        if elboShare == 1 { return logWeights.mean(along: 0) }
        let weighted = partBounds(parted(logWeights)).mean(along: 0)
        return elboShare == 0
            ? weighted : logWeights.mean(along: 0) * elboShare + weighted * (1 - elboShare)
    }

    /// ∂F / ∂log w_k, `[samples, batch]`: how much each draw counts.
    func slopes(_ logWeights: Tensor) -> Tensor {
        shares(logWeights) * partShare + elboShare / Double(logWeights.size(along: 0))
    }

    /// ∂²F / ∂(log w_k)², `[samples, batch]`: how much more a draw counts when its own weight grows.
    func curvatures(_ logWeights: Tensor) -> Tensor {
        let shares = shares(logWeights)
        return (shares - shares.squared()) * partShare
    }

    /// What the choice of each draw is credited with, `[samples, batch]`: the part of F that it is in, less a baseline
    /// that does not know the draw.
    ///
    /// - Parameters:
    ///   - logWeights: `[samples, batch]`.
    ///   - baseline: Which.
    ///   - average: The running mean of F.
    /// - Returns: Nats.
    /// - Precondition: A part of more than one draw where one is left out.
    func credits(_ logWeights: Tensor, baseline: Baseline, average: Double) -> Tensor {
        let elbo = elboShare / Double(logWeights.size(along: 0))
        let parted = parted(logWeights)
        let bounds = partBounds(parted).expanded(at: 1)
        let credits: Tensor
        switch baseline {
        case .none: credits = bounds * partShare + parted * elbo
        case .runningMean: credits = (bounds - average) * partShare + (parted - average) * elbo
        case .leaveOneOut:
            let others = meansOfOthers(parted)
            let without = boundsWithout(parted, others)
            credits = (bounds - without) * partShare + (parted - others) * elbo
        }
        return credits.reshaped(logWeights.shape)
    }

    private var partShare: Double { (1 - elboShare) / Double(parts) }

    /// `[samples, batch]` → `[parts, samples / parts, batch]`.
    private func parted(_ logWeights: Tensor) -> Tensor {
        let samples = logWeights.size(along: 0)
        precondition(samples % parts == 0, "\(samples) draws in \(parts) parts")
        return logWeights.reshaped([parts, samples / parts, logWeights.size(along: 1)])
    }

    /// The importance-weighted bound of each part, `[parts, batch]`.
    private func partBounds(_ parted: Tensor) -> Tensor {
        parted.logSumExp(along: 1) - log(Double(parted.size(along: 1)))
    }

    /// w_k / Σ w over its part, `[samples, batch]`.
    private func shares(_ logWeights: Tensor) -> Tensor {
        parted(logWeights).softmax(along: 1).reshaped(logWeights.shape)
    }

    /// The mean log weight of the other draws of each one's part.
    private func meansOfOthers(_ parted: Tensor) -> Tensor {
        let count = parted.size(along: 1)
        precondition(count > 1, "a baseline that leaves out the only draw")
        return (parted.sum(along: 1, keepingAxes: true) - parted) / Double(count - 1)
    }

    /// The bound of each draw's part when the geometric mean of the others takes its place.
    ///
    /// Source: Mnih, Rezende 2016, "Variational inference for Monte Carlo objectives", eq. 9 and 10, arXiv:1602.06725.
    private func boundsWithout(_ parted: Tensor, _ others: Tensor) -> Tensor {
        let count = parted.size(along: 1)
        let own = Tensor.identity(count, dtype: parted.dtype).expanded(at: -1) .!= 0
        let replaced = parted.expanded(at: 1).replacing(with: others.expanded(at: 2), where: own)
        return replaced.logSumExp(along: 2) - log(Double(count))
    }
}
