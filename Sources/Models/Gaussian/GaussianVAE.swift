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
    /// The classes of the examples at hand, one-hot `[batch, classes]`, in a model that was given them.
    private let classes: Tensor?

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
        classes = nil
    }

    private init(_ model: GaussianVAE, given classes: Tensor) {
        configuration = model.configuration
        encoder = model.encoder
        decoder = model.decoder
        priorModel = model.priorModel
        dequantizer = model.dequantizer
        self.classes = classes
    }

    /// q(z | x, y), p(z | y) and p(x | z, y) for the classes y; the model itself where it has no classes.
    ///
    /// - Precondition: A model with classes gets some, each below their number.
    public func given(_ classes: [Int]?) -> any LatentVariableModel {
        guard configuration.classes > 0 else { return self }
        guard let classes, classes.allSatisfy({ (0..<configuration.classes).contains($0) }) else {
            preconditionFailure("a model of \(configuration.classes) classes, given \(classes ?? [])")
        }
        let oneHot = Tensor(classes, shape: [classes.count]).oneHot(classes: configuration.classes)
        return GaussianVAE(self, given: oneHot.converted(to: .float32))
    }

    /// p(z), or p(z | y).
    ///
    /// - Precondition: There is one, which an autoencoder lacks.
    public var prior: any Distribution {
        guard let priorModel else { preconditionFailure("an autoencoder has no prior") }
        precondition(hasItsClasses, "a model of classes that was given none")
        return priorModel(encoder, classes)
    }

    private var hasItsClasses: Bool { (classes != nil) == (configuration.classes > 0) }

    /// The name of the prior's part in the keys of the weights.
    package static let priorPart = "priorModel"

    /// Makes the mixture of given posteriors the prior, in a model that was made for as many.
    package func setAggregatedPrior(means: Tensor, logVariances: Tensor) {
        guard let prior = priorModel as? AggregatedPrior else {
            preconditionFailure("the prior is not aggregated")
        }
        prior.set(means: means, logVariances: logVariances)
    }

    /// q(z | x), `[batch, latents]`.
    public func posterior(of x: Tensor) -> any Posterior {
        precondition(hasItsClasses, "a model of classes that was given none")
        return encoder(x, classes)
    }

    /// z, and the noise of dequantization where there is some, with p(x | z).
    public func terms(for x: Tensor, samples: Int, using generator: inout Generator) -> Terms {
        let posterior = posterior(of: x)
        let draw = posterior.draw([samples], using: &generator)
        let groups = group(posterior, draw)
        let likelihood = likelihood(of: [draw.value])
        guard let dequantizer else { return Terms(groups: groups, likelihood: likelihood, examples: x) }
        let (noise, places) = dequantizer(x, samples: samples, using: &generator)
        return Terms(groups: groups + [noise], likelihood: likelihood, examples: places)
    }

    /// q(z | x), p(z) and draws of the only group that the decoder sees; none where there is no prior.
    public func latentGroups(for x: Tensor, samples: Int, using generator: inout Generator) -> [LatentGroup] {
        let posterior = posterior(of: x)
        return group(posterior, posterior.draw([samples], using: &generator))
    }

    private func group(_ posterior: any Posterior, _ draw: Draw) -> [LatentGroup] {
        priorModel == nil
            ? [] : [LatentGroup(name: "z", posterior: posterior, prior: prior, draw: draw)]
    }

    /// The centre of q(z | x), and its variances where it has some in closed form.
    public func code(of x: Tensor) -> Code {
        let posterior = posterior(of: x)
        let variance = (posterior as? any HasVariance)?.variance
        return Code(
            centre: posterior.centre, variance: configuration.posterior.isDeterministic ? nil : variance)
    }

    /// z ~ p(z).
    public func sampleLatents(_ count: Int, using generator: inout Generator) -> [Tensor] {
        let prior = prior
        precondition(
            classes.map { $0.size(along: 0) == count } ?? true,
            "\(count) draws of \(classes?.size(along: 0) ?? 0) classes")
        // A prior that depends on the class is a batch of its own.
        let leading = priorModel?.dependsOnClass == true ? [] : [count]
        return [prior.sample(leading, using: &generator)]
    }

    /// p(x | z) for z `[..., latents]`.
    public func likelihood(of latents: [Tensor]) -> any Likelihood {
        let density = decoder(latents[0], classes)
        return dequantizer == nil
            ? density : DequantizedDensity(density, dimensions: configuration.dimensions)
    }

    /// The running statistics of the likelihood, where it has some.
    public func deferredUpdate(from terms: Terms) -> (() -> Void)? { decoder.deferredUpdate(from: terms) }
}
