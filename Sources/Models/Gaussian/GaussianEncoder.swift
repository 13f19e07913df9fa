import Flows
import Layers
import Probability
import Tensors

/// q(z | x): a network that gives the parameters of a Gaussian, or of a flow that begins with one.
final class GaussianEncoder: Module {
    private let hidden: Sequential
    /// Joins features and class.
    private let joint: Linear?
    private let head: any Layer
    private let flow: MaskedAutoregressiveFlow?
    private let family: GaussianVAE.PosteriorFamily
    private let latents: Int

    init(_ configuration: GaussianVAE.Configuration, using generator: inout Generator) {
        family = configuration.posterior
        latents = configuration.latents
        let layers = configuration.network.encoder(
            from: configuration, outputs: family.outputs(forLatents: latents), using: &generator)
        hidden = Sequential(layers.hidden)
        head = layers.head
        let features = configuration.network.widths.last!
        joint =
            configuration.classes == 0
            ? nil
            : Linear(
                inputs: features + configuration.classes, outputs: features, activation: .relu,
                using: &generator)
        flow = family.makeFlow(forLatents: latents, using: &generator)
    }

    /// Shapes: `x` `[batch] + exampleShape`, `classes` one-hot `[batch, classes]` → a distribution over
    /// `[batch, latents]`.
    func callAsFunction(_ x: Tensor, _ classes: Tensor? = nil) -> any Posterior {
        let features = hidden(x)
        let joined = joint.map { $0(Tensor.concatenated([features, classes!], along: -1)) }
        return family.distribution(head(joined ?? features), size: latents, flow: flow)
    }
}
