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
        let parameters = head(hidden(x)).gaussianParameters(logVarianceLimit: Self.logVarianceLimit)
        return DiagonalGaussian(mean: parameters.mean, logVariance: parameters.logVariance)
    }

    /// Keeps log σ² within reach of `exp`, whatever the network says.
    ///
    /// A plain clamp has no gradient outside, so that a unit which strays there never comes back.
    private static let logVarianceLimit = 10.0
}
