import Layers
import Tensors

/// q(z | x): a network that gives the parameters of a Gaussian, or of a flow that begins with one.
public final class GaussianEncoder: Module {
    private let hidden: Sequential
    /// Joins features and class.
    private let joint: Linear?
    private let head: any Layer
    private let posterior: any PosteriorHead

    init(_ configuration: GaussianVAE.Configuration, using generator: inout Generator) {
        let (family, latents) = (configuration.posterior, configuration.latents)
        let layers = configuration.network.encoder(
            from: configuration, outputs: family.outputs(forLatents: latents), using: &generator)
        hidden = Sequential(layers.hidden)
        head = layers.head
        let features = configuration.network.features
        joint =
            configuration.classes == 0
            ? nil
            : Linear(
                inputs: features + configuration.classes, outputs: features, activation: .relu,
                using: &generator)
        posterior = family.head(forLatents: latents, using: &generator)
    }

    /// Shapes: `x` `[batch] + exampleShape`, `classes` one-hot `[batch, classes]` → a distribution over
    /// `[batch, latents]`.
    public func callAsFunction(_ x: Tensor, _ classes: Tensor? = nil) -> any Posterior {
        let features = hidden(x)
        let joined = joint.map { $0(Tensor.concatenated([features, classes!], along: -1)) }
        return posterior(head(joined ?? features))
    }
}
