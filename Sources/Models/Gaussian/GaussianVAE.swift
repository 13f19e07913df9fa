import Bounds
import Layers
import Probability
import Tensors

/// The variational autoencoder with a Gaussian latent.
///
///     q(z | x) = N(μ(x), Σ(x)) or a flow of it,   p(z) = N(0, I) or learned,   p(x | z) around G(z)
///     −ELBO(x) = −E_q[log p(x | z)] + KL(q(z | x) ‖ p(z))
///
/// With a deterministic posterior and no prior it is the autoencoder: the distortion alone, at z = μ(x).
///
/// Source: Kingma, Welling 2014, "Auto-encoding variational Bayes", arXiv:1312.6114.
public final class GaussianVAE: LatentVariableModel {
    /// The choices that made this model.
    public let configuration: Configuration
    private let encoder: GaussianEncoder
    let decoder: Decoder
    private let priorModel: (any Prior)?
    private let dequantizer: Dequantizer?
    let standardization: Standardization?

    /// A model with random weights.
    ///
    /// - Throws: `SettingsError` when the configuration does not describe a model.
    public init(_ configuration: Configuration, using generator: inout Generator) throws {
        try configuration.validate()
        self.configuration = configuration
        encoder = GaussianEncoder(configuration, using: &generator)
        decoder = Decoder(configuration, using: &generator)
        priorModel = configuration.prior.make(configuration, using: &generator)
        dequantizer = Dequantizer(
            configuration.dequantization, exampleShape: configuration.exampleShape, using: &generator)
        standardization =
            configuration.isStandardized ? Standardization(configuration.exampleShape) : nil
    }

    /// q(z | x, y), p(z | y) and p(x | z, y); y in a model of classes alone.
    public func callAsFunction(_ walk: Walk) -> any Distribution {
        let y = configuration.classes == 0 ? nil : walk.oneHotClasses(of: configuration.classes)
        let z = walk.latent(
            "z", prior: priorModel?(encoder, y),
            posterior: walk.evidence { encoder(standardization?($0) ?? $0, y) })
        dequantizer?.shift(walk)
        let density = decoder(z, y, walk)
        if let standardization { return standardization.undone(on: density) }
        return dequantizer == nil
            ? density : DequantizedDensity(density, dimensions: configuration.dimensions)
    }

    /// The name of the prior's part in the keys of the weights.
    package static let priorPart = "priorModel"

    /// Makes the mixture of given posteriors the prior, in a model that was made for as many.
    package func setAggregatedPrior(means: Tensor, logVariances: Tensor) {
        guard let prior = priorModel as? AggregatedPrior else {
            preconditionFailure("the prior is not aggregated")
        }
        prior.set(means: means, logVariances: logVariances)
    }
}
