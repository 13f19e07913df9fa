import Bounds
import Foundation
import Layers
import Probability
import Tensors

/// p(z) = N(0, 1), p(x | z) = N(w z, 1), q(z | x) = N(a x, exp v): the linear-Gaussian model in one dimension, float64.
///
/// Its encoder, unlike that of `LinearGaussianModel`, has weights of its own, of which the ELBO is a polynomial but for
/// exp v. The exact posterior has a = w / (w² + 1) and exp v = 1 / (w² + 1).
final class SlopeModel: LatentVariableModel {
    final class Encoder: Module {
        let slope: Parameter
        let logVariance: Parameter

        init(slope: Double, logVariance: Double) {
            self.slope = Parameter(Tensor([slope]))
            self.logVariance = Parameter(Tensor([logVariance]))
        }
    }

    /// Fifty values from −1.75 to 2.25.
    static let x = Tensor.linearSpace(from: -1.75, to: 2.25, count: 50, dtype: .float64).expanded(at: 1)

    let encoder: Encoder
    let weight: Parameter
    /// Whether draws are cut from the weights that made them, which is wrong.
    var cutsDraws = false

    /// A model whose posterior is, by default, far from the exact one.
    init(weight: Double = 0.8, slope: Double = 0.1, logVariance: Double = -0.3) {
        encoder = Encoder(slope: slope, logVariance: logVariance)
        self.weight = Parameter(Tensor([weight]))
    }

    /// The model whose posterior is exact.
    static func exact(weight: Double = 0.8) -> SlopeModel {
        SlopeModel(
            weight: weight, slope: weight / (weight * weight + 1), logVariance: -log(weight * weight + 1))
    }

    func callAsFunction(_ walk: Walk) -> any Distribution {
        let posterior = walk.evidence { x in
            let mean = x * encoder.slope.value
            return DiagonalGaussian(
                mean: mean, logVariance: encoder.logVariance.value.broadcast(to: mean.shape))
        }
        let z = walk.latent(
            "z", prior: DiagonalGaussian.standard(1, dtype: .float64),
            posterior: cutsDraws ? posterior.map(WithoutPath.init) : posterior)
        return DiagonalGaussian(mean: z * weight.value, logVariance: Tensor(0, dtype: .float64))
    }

    /// The gradient of −ELBO, mean over `x`, by slope and log-variance.
    func exactGradient(on x: Tensor) -> [Tensor] {
        let encoder = ModuleState(self).keeping(["encoder"])
        return encoder.valueWithGradients {
            let (w, a, v) = (weight.value, self.encoder.slope.value, self.encoder.logVariance.value)
            let distortion = ((x - w * a * x).squared() + w.squared() * v.exp()) * 0.5
            return (distortion + (v.exp() + (a * x).squared() - v) * 0.5).mean()
        }.gradients
    }
}

/// A Gaussian whose draws have no gradient to its parameters.
private struct WithoutPath: Reparameterized {
    let base: DiagonalGaussian

    var eventRank: Int { base.eventRank }
    var shape: [Int] { base.shape }
    var dtype: DType { base.dtype }

    func logProbability(of x: Tensor) -> Tensor { base.logProbability(of: x) }

    func draw(_ leading: [Int], using generator: inout Generator) -> Draw {
        Draw(base.sample(leading, using: &generator))
    }
}
