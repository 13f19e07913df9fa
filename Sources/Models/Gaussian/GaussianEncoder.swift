import Layers
import Probability
import Tensors

/// q(z | x): a network that gives the parameters of a Gaussian.
final class GaussianEncoder: Module {
    private let hidden: Sequential
    private let head: Linear
    private let family: GaussianVAE.PosteriorFamily
    private let latents: Int

    init(_ configuration: GaussianVAE.Configuration, using generator: inout Generator) {
        family = configuration.posterior
        latents = configuration.latents
        let stack = configuration.network.encoderStack(from: configuration, using: &generator)
        hidden = Sequential(stack.layers)
        head = Linear(
            inputs: stack.features, outputs: family.outputs(forLatents: latents), using: &generator)
    }

    /// Shapes: `x` `[batch] + exampleShape` → a Gaussian over `[batch, latents]`.
    func callAsFunction(_ x: Tensor) -> any Posterior {
        family.distribution(head(hidden(x)), size: latents)
    }
}
