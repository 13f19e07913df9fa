import Bounds
import Foundation
import Layers
import Probability
import Tensors

/// Two latents of one unit each, the second drawn given the first, in float64: every quantity is known.
///
///     p(z₁) = N(0, 1),   p(z₂ | z₁) = N(a z₁, s²),   p(x | z) = N(u z₁ + w z₂ + b, σ² I)
///     p(x | z₁) = N(b + v z₁, C),   v = u + a w,   C = s² w wᵀ + σ² I,   p(x) = N(b, v vᵀ + C)
///
/// The encoder is top-down: q(z₁ | x), then q(z₂ | z₁, x), exact but for shifts of means and log-variances. With them
/// its ELBO lacks ½ (δ² / var + exp τ − 1 − τ) to log p(x) for each latent, whatever is drawn.
final class TwoLevelToy: LatentVariableModel {
    /// Five examples that differ, so that a mixed-up axis shows.
    static let x = LinearGaussianTests.x

    let slope = Parameter(Tensor(0.7, dtype: .float64))
    let upper = Parameter(Tensor([0.5, -0.3, 0.2]))
    let lower = Parameter(Tensor([0.9, 0.4, -0.6]))
    let offset = Parameter(Tensor([0.2, -0.1, 0.4]))
    let innerVariance = 0.6
    let noiseVariance = 0.5
    /// δ and τ of the posteriors of top and bottom.
    private let meanShifts: [Double]
    private let logVarianceShifts: [Double]

    init(meanShifts: [Double] = [0, 0], logVarianceShifts: [Double] = [0, 0]) {
        self.meanShifts = meanShifts
        self.logVarianceShifts = logVarianceShifts
    }

    /// One whose posteriors are off.
    static var off: TwoLevelToy { TwoLevelToy(meanShifts: [0.3, -0.2], logVarianceShifts: [0.4, -0.3]) }

    func callAsFunction(_ walk: Walk) -> any Distribution {
        let deviations = walk.evidence { $0 - offset.value }
        let top = walk.latent("top", prior: topPrior, posterior: deviations.map(topPosterior))
        let bottom = walk.latent(
            "bottom", prior: bottomPrior(top), posterior: deviations.map { bottomPosterior(top, $0) })
        return likelihood(top, bottom)
    }

    var topPrior: DiagonalGaussian { .standard(1, dtype: .float64) }

    func bottomPrior(_ top: Tensor) -> DiagonalGaussian { gaussian(top * slope.value, innerVariance) }

    func likelihood(_ top: Tensor, _ bottom: Tensor) -> DiagonalGaussian {
        gaussian(top * upper.value + bottom * lower.value + offset.value, noiseVariance)
    }

    /// q(z₁ | x) of x − b, `[batch, 3]`.
    func topPosterior(_ deviations: Tensor) -> DiagonalGaussian {
        // vᵀ C⁻¹, `[3]`.
        let weights = conditionalCovariance.solve(total.expanded(at: 1)).squeezed(at: 1)
        let precision = (weights * total).sum() + 1
        return shifted((deviations * weights).sum(along: -1, keepingAxes: true) / precision, precision, 0)
    }

    /// q(z₂ | z₁, x) for z₁ `[samples, batch, 1]`.
    func bottomPosterior(_ top: Tensor, _ deviations: Tensor) -> DiagonalGaussian {
        let precision = lower.value.squared().sum() / noiseVariance + 1 / innerVariance
        let explained = ((deviations - top * upper.value) * lower.value).sum(along: -1, keepingAxes: true)
        return shifted(
            (explained / noiseVariance + top * slope.value / innerVariance) / precision, precision, 1)
    }

    /// log p(x), `[batch]`.
    func exactLogLikelihood(of x: Tensor) -> Tensor {
        let covariance = conditionalCovariance + total.expanded(at: 1) * total
        let whitened = covariance.cholesky().triangularSolve((x - offset.value).transposed())
        return (whitened.squared().sum(along: 0) + covariance.logDeterminant() + 3 * log(2 * .pi)) * -0.5
    }

    /// KL(q ‖ p(z | x)), the same for all examples.
    var gap: Double {
        let precisions = [
            (conditionalCovariance.solve(total.expanded(at: 1)).squeezed(at: 1) * total).sum().scalar() + 1,
            lower.value.squared().sum().scalar() / noiseVariance + 1 / innerVariance,
        ]
        return (0..<2).reduce(0) { sum, level in
            let (delta, tau) = (meanShifts[level], logVarianceShifts[level])
            return sum + 0.5 * (delta * delta * precisions[level] + exp(tau) - 1 - tau)
        }
    }

    private var total: Tensor { upper.value + lower.value * slope.value }

    private var conditionalCovariance: Tensor {
        lower.value.expanded(at: 1) * lower.value * innerVariance
            + Tensor.identity(3, dtype: .float64) * noiseVariance
    }

    private func shifted(_ mean: Tensor, _ precision: Tensor, _ level: Int) -> DiagonalGaussian {
        DiagonalGaussian(
            mean: mean + meanShifts[level],
            logVariance: (-precision.log() + logVarianceShifts[level]).broadcast(to: mean.shape))
    }

    private func gaussian(_ mean: Tensor, _ variance: Double) -> DiagonalGaussian {
        DiagonalGaussian(mean: mean, logVariance: Tensor(log(variance), dtype: .float64))
    }
}
