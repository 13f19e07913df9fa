import Bounds
import Layers
import Probability
import Tensors

/// The variational autoencoder with a Gaussian latent.
///
///     q(z | x) = N(μ(x), Σ(x)),   p(z) = N(0, I) or learned,   p(x | z) = Bernoulli or Gaussian around G(z)
///     −ELBO(x) = −E_q[log p(x | z)] + KL(q(z | x) ‖ p(z))
///
/// Source: Kingma, Welling 2014, "Auto-encoding variational Bayes", arXiv:1312.6114.
public final class GaussianVAE: LatentVariableModel {
    /// The choices that made this model.
    public let configuration: Configuration
    private let encoder: GaussianEncoder
    private let decoder: Decoder
    private let priorModel: any Prior

    /// A model with random weights.
    ///
    /// - Throws: `ModelsError` when the configuration does not describe a model.
    public init(_ configuration: Configuration, using generator: inout Generator) throws {
        try configuration.validate()
        self.configuration = configuration
        encoder = GaussianEncoder(configuration, using: &generator)
        decoder = Decoder(configuration, using: &generator)
        priorModel = configuration.prior.make(configuration, using: &generator)
    }

    /// p(z).
    public var prior: any Distribution { priorModel(encoder) }

    /// q(z | x), `[batch, latents]`.
    public func posterior(of x: Tensor) -> any Posterior {
        encoder(x)
    }

    /// q(z | x), p(z) and draws of the only group.
    public func latentGroups(for x: Tensor, samples: Int, using generator: inout Generator) -> [LatentGroup] {
        let posterior = posterior(of: x)
        let draw = posterior.draw([samples], using: &generator)
        return [LatentGroup(name: "z", posterior: posterior, prior: prior, draw: draw)]
    }

    /// z ~ p(z).
    public func sampleLatents(_ count: Int, using generator: inout Generator) -> [Tensor] {
        [prior.sample([count], using: &generator)]
    }

    /// p(x | z) for z `[..., latents]`.
    public func likelihood(of latents: [Tensor]) -> any Likelihood {
        decoder(latents[0])
    }
}
