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
        return DiagonalGaussian(
            mean: halves[0], logVariance: halves[1].softClamped(to: Self.logVarianceLimit))
    }

    /// Keeps log σ² within reach of `exp`, whatever the network says.
    ///
    /// A plain clamp has no gradient outside, so that a unit which strays there never comes back.
    private static let logVarianceLimit = 10.0
}
