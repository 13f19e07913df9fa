import Bounds
import Layers
import Probability
import Tensors

/// The variational autoencoder with a Gaussian latent.
///
///     q(z | x) = N(μ(x), diag σ²(x)),   p(z) = N(0, I),   p(x | z) = Bernoulli or Gaussian around G(z)
///     −ELBO(x) = −E_q[log p(x | z)] + KL(q(z | x) ‖ p(z))
///
/// Source: Kingma, Welling 2014, "Auto-encoding variational Bayes", arXiv:1312.6114.
public final class GaussianVAE: LatentVariableModel {
    /// The choices that made this model.
    public let configuration: Configuration
    private let encoder: GaussianEncoder
    private let decoder: Decoder

    /// A model with random weights.
    ///
    /// - Throws: `ModelsError` when the configuration does not describe a model.
    public init(_ configuration: Configuration, using generator: inout Generator) throws {
        try configuration.validate()
        self.configuration = configuration
        encoder = GaussianEncoder(configuration, using: &generator)
        decoder = Decoder(configuration, using: &generator)
    }

    /// p(z).
    public var prior: DiagonalGaussian { .standard(configuration.latents) }

    /// q(z | x), `[batch, latents]`.
    public func posterior(of x: Tensor) -> DiagonalGaussian {
        encoder(x)
    }

    /// p(x | z) for `z` `[..., latents]`.
    public func likelihood(of z: Tensor) -> any Likelihood {
        decoder(z)
    }

    /// The learning step up to its gradient: encode, sample, decode. The KL and the sum follow from the terms.
    public func terms(for x: Tensor, samples: Int, using generator: inout Generator) -> Terms {
        let posterior = posterior(of: x)
        let draw = posterior.draw([samples], using: &generator)
        let group = LatentGroup(name: "z", posterior: posterior, prior: prior, draw: draw)
        return Terms(groups: [group], likelihood: likelihood(of: draw.value), examples: x)
    }

    /// z ~ p(z).
    public func sampleLatents(_ count: Int, using generator: inout Generator) -> [Tensor] {
        [prior.sample([count], using: &generator)]
    }

    /// p(x | z) of the only group.
    public func likelihood(of latents: [Tensor]) -> any Likelihood {
        likelihood(of: latents[0])
    }
}
