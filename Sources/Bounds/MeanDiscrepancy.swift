import Probability
import Tensors

/// w · rate + λ · MMD²(q(z), p(z)): the aggregated posterior is pressed to the prior, whatever single ones say.
///
///     MMD² = E k(z, z′) + E k(p, p′) − 2 E k(z, p),   z, z′ ~ q(z),   p, p′ ~ p(z)
///
/// The unbiased estimate over a batch leaves out each pair of a draw with itself, and can be negative. With w = 0 it is
/// the Wasserstein autoencoder; InfoVAE's α and λ are w = 1 − α and λ + α − 1 here. The kernels are as wide as N(0, I):
/// their C = 2D is the mean square distance of two of its draws.
///
/// Source: Tolstikhin, Bousquet, Gelly, Schölkopf 2018, algorithm 2, arXiv:1711.01558; Zhao, Song, Ermon 2019, eq. 6,
/// arXiv:1706.02262.
public struct MeanDiscrepancy: Regularizer, Codable, Equatable {
    /// How near two z are.
    public enum Kernel: String, Codable, Sendable, CaseIterable {
        /// C / (C + |z − z′|²), which also feels what is far away.
        case inverseMultiquadratic = "inverse-multiquadratic"
        /// exp(−|z − z′|² / C).
        case gaussian

        /// k of squared distances between vectors of a size.
        func callAsFunction(_ squares: Tensor, size: Int) -> Tensor {
            let width = 2 * Double(size)
            return switch self {
            case .inverseMultiquadratic: width / (squares + width)
            case .gaussian: (squares * (-1 / width)).exp()
            }
        }
    }

    /// λ.
    public var weight: Double
    /// w.
    public var rateWeight: Double
    /// k.
    public var kernel: Kernel

    /// Weights of discrepancy and rate.
    public init(weight: Double, rateWeight: Double, kernel: Kernel = .inverseMultiquadratic) {
        self.weight = weight
        self.rateWeight = rateWeight
        self.kernel = kernel
    }

    /// w times the mean rate and λ times the discrepancies of the groups.
    public func cost(of terms: Terms, bound: Bound, at moment: Moment, using noise: inout Generator) -> Tensor
    {
        terms.latents.reduce(bound.rate.mean() * rateWeight) { cost, group in
            let draws = group.draw.value.flattened(from: 2)
            let fromPrior = group.priorDraws(using: &noise).flattened(from: 2)
            return cost + squaredDiscrepancy(draws, fromPrior) * weight
        }
    }

    /// w times the rate.
    public func settledCost(ofRate rate: Double) -> Double { rateWeight * rate }

    /// The unbiased estimate of MMD² between rows, averaged over sets of them.
    ///
    /// - Parameters:
    ///   - x: `[sets, count, size]`.
    ///   - y: The same shape.
    /// - Returns: A scalar; zero where there is one row alone, of which nothing can be said.
    public func squaredDiscrepancy(_ x: Tensor, _ y: Tensor) -> Tensor {
        let (count, size) = (x.size(along: 1), x.size(along: 2))
        guard count > 1 else { return Tensor(0, dtype: x.dtype) }
        let pairs = Double(count * (count - 1))
        func among(_ z: Tensor) -> Tensor {
            let values = kernel(z.squaredDistances(to: z), size: size)
            return (values.sum(along: -1, -2) - values.diagonal().sum(along: -1)) / pairs
        }
        let across = kernel(x.squaredDistances(to: y), size: size).mean(along: -1, -2)
        return (among(x) + among(y) - across * 2).mean()
    }
}

extension LatentGroup {
    /// As many draws of the prior as there are of the posterior, with gradients where the prior can be drawn from so.
    func priorDraws(using noise: inout Generator) -> Tensor {
        func draws(_ leading: [Int]) -> Tensor {
            (prior as? any Reparameterized)?.draw(leading, using: &noise).value
                ?? prior.sample(leading, using: &noise)
        }
        let sizes = draw.value.shape.prefix(2)
        let each = draws([sizes[0]])
        // A prior that depends on the example is a batch already.
        return each.rank == draw.value.rank ? each : draws(Array(sizes))
    }
}

extension Tensor {
    /// |a − b|² of the rows of two stacks of matrices, `[..., n, size]` and `[..., m, size]` → `[..., n, m]`.
    ///
    /// By |a|² + |b|² − 2 ab, which holds no differences in memory, and is kept from falling below zero by rounding.
    fileprivate func squaredDistances(to other: Tensor) -> Tensor {
        let squares = squared().sum(along: -1, keepingAxes: true)
        let others = other.squared().sum(along: -1, keepingAxes: true).transposed()
        return (squares + others - matmul(other.transposed()) * 2).clamped(from: 0)
    }
}
