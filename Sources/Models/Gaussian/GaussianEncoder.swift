import Layers
import Probability
import Tensors

/// q(z | x): a network that gives mean and log-variance of each latent.
final class GaussianEncoder: Module {
    private let hidden: Sequential
    private let head: Linear

    init(_ configuration: GaussianVAE.Configuration, using generator: inout Generator) {
        let stack = configuration.network.encoderStack(from: configuration, using: &generator)
        hidden = Sequential(stack.layers)
        head = Linear(inputs: stack.features, outputs: 2 * configuration.latents, using: &generator)
    }

    /// Shapes: `x` `[batch] + exampleShape` → a Gaussian over `[batch, latents]`.
    func callAsFunction(_ x: Tensor) -> DiagonalGaussian {
        let parameters = head(hidden(x))
        let latents = parameters.size(along: -1) / 2
        let halves = parameters.split([latents, latents], along: -1)
        return DiagonalGaussian(mean: halves[0], logVariance: Self.guarded(halves[1]))
    }

    /// Keeps the log-variance within reach of `exp`: beyond ±10 it goes on with a hundredth of the slope.
    ///
    /// A plain clamp has no gradient outside, so that a unit which strays there never comes back.
    private static func guarded(_ logVariance: Tensor) -> Tensor {
        let inside = logVariance.clamped(from: -10, to: 10)
        return inside + (logVariance - inside) * 0.01
    }
}
