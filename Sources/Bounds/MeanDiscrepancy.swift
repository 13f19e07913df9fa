import Probability
import Tensors

/// w · rate + λ · MMD²(q(z), p(z)): matches the aggregated posterior to the prior, not each posterior.
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

    /// It compares the draws of a batch with one another.
    public var coupling: Coupling { .pairs }

    /// MMD² of all latents, once for each example.
    public func sums(of trace: Trace, at moment: Moment) -> [String: Tensor] {
        let discrepancies = trace.latents.map { site in
            var noise = trace.noise(named: "prior of " + site.name)
            return squaredDiscrepancy(
                site.value.flattened(from: 2),
                trace.priorDraws(of: site, using: &noise).flattened(from: 2))
        }
        let sum = discrepancies.dropFirst().reduce(discrepancies[0], +)
        return ["discrepancy": sum * Double(trace.count)]
    }

    /// w times the mean rate and λ times the discrepancies of the latents.
    public func cost(of sums: Sums, at moment: Moment) -> Tensor {
        sums.mean("rate") * rateWeight + sums.mean("discrepancy") * weight
    }

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

extension Trace {
    /// As many draws of a site's prior as there are of its posterior, with gradients where the prior gives some.
    fileprivate func priorDraws(of site: Site, using noise: inout Generator) -> Tensor {
        let prior = site.prior!
        let leading = Array([samples, count].dropLast(min(2, prior.batchShape.count)))
        return (prior as? any Reparameterized)?.draw(leading, using: &noise).value
            ?? prior.sample(leading, using: &noise)
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
