import Bounds
import Foundation
import Layers
import Probability
import Tensors

/// The toy whose every quantity is known: a linear decoder between Gaussians, in float64.
///
///     p(z) = N(0, I),   p(x | z) = N(W z + b, σ² I),   p(x) = N(b, W Wᵀ + σ² I)
///     p(z | x) = N(Λ⁻¹ Wᵀ (x − b) / σ², Λ⁻¹),   Λ = I + Wᵀ W / σ²
///
/// The columns of W are orthogonal, unless asked otherwise, so that the exact posterior has independent elements. The
/// model encodes with it, or else with the Gaussian with independent elements that is nearest to it, or with one whose
/// means and log-variances are shifted away from that.
///
/// Source: Tipping, Bishop 1999, "Probabilistic principal component analysis"; for the nearest Gaussian, Bishop 2006,
/// "Pattern Recognition and Machine Learning", section 10.1.2.
public final class LinearGaussianModel: LatentVariableModel {
    private let weight: Parameter
    private let offset: Parameter
    private let noiseVariance: Double
    private let groupSizes: [Int]
    private let overlap: Double
    private let meanShift: Double
    private let logVarianceShift: Double

    /// Three values from two latents.
    ///
    /// - Parameters:
    ///   - groupSizes: How the two latents are cut into groups.
    ///   - meanShift: Added to the exact posterior's means.
    ///   - logVarianceShift: Added to the exact posterior's log-variances.
    ///   - overlap: How much of the first column of W is added to the second, which makes the units of the exact
    ///     posterior dependent.
    public init(
        groupSizes: [Int] = [2], meanShift: Double = 0, logVarianceShift: Double = 0, overlap: Double = 0
    ) {
        precondition(groupSizes.reduce(0, +) == 2, "the model has two latents")
        let columns = Tensor([1, -0.4, 0.5, 0.8, 0, 0.3], shape: [3, 2])
        weight = Parameter(columns.matmul(Tensor([1, overlap, 0, 1], shape: [2, 2])))
        self.overlap = overlap
        offset = Parameter(Tensor([0.2, -0.1, 0.4]))
        noiseVariance = 0.5
        self.groupSizes = groupSizes
        self.meanShift = meanShift
        self.logVarianceShift = logVarianceShift
    }

    /// p(z), both groups together.
    public var prior: DiagonalGaussian { .standard(2, dtype: .float64) }

    /// Λ, `[2, 2]`.
    private var precision: Tensor {
        weight.value.transposed().matmul(weight.value) / noiseVariance + Tensor.identity(2, dtype: .float64)
    }

    /// Of the Gaussians with independent units the nearest to p(z | x) by KL(q ‖ p), `[batch, 2]`: the same mean, and
    /// variances 1/Λ_ii.
    public func bestPosterior(of x: Tensor) -> DiagonalGaussian {
        let projected = (x - offset.value).matmul(weight.value) / noiseVariance
        let mean = projected.matmul(precision.solve(.identity(2, dtype: .float64)))
        return DiagonalGaussian(
            mean: mean, logVariance: (-precision.diagonal().log()).broadcast(to: mean.shape))
    }

    /// p(z | x) itself, `[batch, 2]`, where its units are independent.
    public func exactPosterior(of x: Tensor) -> DiagonalGaussian {
        precondition(overlap == 0, "the units of the exact posterior depend on one another")
        return bestPosterior(of: x)
    }

    /// KL(q ‖ p(z | x)) of a Gaussian with independent units, `[batch]`: what its ELBO lacks to log p(x).
    public func divergence(of q: DiagonalGaussian, from x: Tensor) -> Tensor {
        let offset = q.mean - bestPosterior(of: x).mean
        let squares = (q.variance * precision.diagonal() + offset.matmul(precision) * offset).sum(along: 1)
        return (squares - 2 - q.logVariance.sum(along: 1) - precision.logDeterminant()) * 0.5
    }

    /// q(z | x), `[batch, 2]`: the best posterior, shifted.
    public func posterior(of x: Tensor) -> DiagonalGaussian {
        let best = bestPosterior(of: x)
        return DiagonalGaussian(
            mean: best.mean + meanShift, logVariance: best.logVariance + logVarianceShift)
    }

    /// log p(x) itself, `[batch]`.
    public func exactLogLikelihood(of x: Tensor) -> Tensor {
        let size = x.size(along: -1)
        let covariance =
            weight.value.matmul(weight.value.transposed())
            + Tensor.identity(size, dtype: .float64) * noiseVariance
        let factor = covariance.cholesky()
        let whitened = factor.triangularSolve((x - offset.value).transposed())
        return (whitened.squared().sum(along: 0) + covariance.logDeterminant() + Double(size) * log(2 * .pi))
            * -0.5
    }

    /// Draws of x from the model, `[count, 3]`.
    public func examples(_ count: Int, using generator: inout Generator) -> Tensor {
        likelihood(of: prior.sample([count], using: &generator)).sample(using: &generator)
    }

    /// The groups in order, with the slices of the posterior as theirs: `z0`, `z1`.
    public func callAsFunction(_ walk: Walk) -> any Distribution {
        let posterior = walk.evidence(self.posterior)
        let means = posterior?.mean.split(groupSizes, along: -1)
        let logVariances = posterior?.logVariance.split(groupSizes, along: -1)
        let parts = groupSizes.indices.map { place in
            walk.latent(
                "z\(place)", prior: DiagonalGaussian.standard(groupSizes[place], dtype: .float64),
                posterior: means.map {
                    DiagonalGaussian(mean: $0[place], logVariance: logVariances![place])
                })
        }
        return likelihood(of: Tensor.concatenated(parts, along: -1))
    }

    /// Values of the groups by their names, from z `[..., 2]`: what a replay is given.
    public func groups(of z: Tensor) -> [String: Tensor] {
        let parts = z.split(groupSizes, along: -1)
        return Dictionary(uniqueKeysWithValues: parts.indices.map { ("z\($0)", parts[$0]) })
    }

    /// N(W z + b, σ² I) for z `[..., 2]`, all groups side by side.
    public func likelihood(of z: Tensor) -> DiagonalGaussian {
        DiagonalGaussian(
            mean: z.matmul(weight.value.transposed()) + offset.value,
            logVariance: Tensor(log(noiseVariance), dtype: .float64))
    }
}
