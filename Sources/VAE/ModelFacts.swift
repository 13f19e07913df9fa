import Bounds
import Datasets
import Models

/// What is told of a model by its recipe, and could be found by asking the model.
public protocol ModelFacts {
    /// Whether the bound falls into distortion and rate: where encoder or decoder is a point mass only the sum is finite.
    var hasSplit: Bool { get }

    /// Whether there is a p(z) to draw from.
    var hasPrior: Bool { get }

    /// What an objective or a gradient estimator may ask of the model's latents.
    var posteriorTraits: Set<PosteriorTrait> { get }

    /// Whether the model's numbers bound the likelihood of data that have been preprocessed so.
    func boundKind(of preprocessing: Preprocessing) -> BoundKind

    /// Why the model's numbers are no likelihood of data that have been preprocessed so; `nil` when they are.
    func lossReason(of preprocessing: Preprocessing) -> String?
}

extension GaussianVAE.Configuration {
    /// A deterministic posterior has no rate.
    public var hasSplit: Bool { !posterior.isDeterministic }

    /// An autoencoder has none.
    public var hasPrior: Bool { prior.hasDensity }

    /// A bound, or a loss.
    public func boundKind(of preprocessing: Preprocessing) -> BoundKind {
        lossReason(of: preprocessing) == nil ? .bound : .loss
    }

    /// An autoencoder's numbers, and those of a likelihood of zeros and ones for other values.
    public func lossReason(of preprocessing: Preprocessing) -> String? {
        if posterior.isDeterministic { return "an autoencoder" }
        return likelihood.support == .binary && !preprocessing.isBinary
            ? "grey values under a Bernoulli" : nil
    }
}

extension FlowRecipe {
    /// The sum alone is finite.
    public var hasSplit: Bool { false }

    /// N(0, I).
    public var hasPrior: Bool { true }

    /// None: the latent is no draw.
    public var posteriorTraits: Set<PosteriorTrait> { [] }

    /// Exact, or a bound with noise.
    public func boundKind(of preprocessing: Preprocessing) -> BoundKind {
        dequantization == .none ? .exact : .bound
    }

    /// They always are.
    public func lossReason(of preprocessing: Preprocessing) -> String? { nil }
}
