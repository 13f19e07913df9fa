import Settings
import Tensors

/// The settings of p(z), and how it is made of them.
///
/// A package adds priors of its own by `GaussianVAE.priors.register(_:)`.
public protocol PriorRecipe: Choice {
    /// The prior, with weights drawn by the generator; `nil` where there is none.
    func make(_ configuration: GaussianVAE.Configuration, using generator: inout Generator) -> (any Prior)?

    /// The choice in a phrase; `nil` for the plainest.
    var summary: String? { get }

    /// Whether there is a p(z).
    var hasDensity: Bool { get }

    /// Whether it has parameters to fit.
    var isLearned: Bool { get }

    /// Whether it is made of posteriors, which depend on the class in a model of classes.
    var isMadeOfPosteriors: Bool { get }

    /// Checks that the prior suits the rest of the model.
    ///
    /// - Throws: `SettingsError`, which names settings of the configuration.
    func validate(for configuration: GaussianVAE.Configuration) throws
}

extension PriorRecipe {
    /// `true`, unless a kind says otherwise.
    public var hasDensity: Bool { true }

    /// `true`, unless a kind says otherwise.
    public var isLearned: Bool { true }

    /// `false`, unless a kind says otherwise.
    public var isMadeOfPosteriors: Bool { false }

    /// Asks nothing, unless a kind says otherwise.
    public func validate(for configuration: GaussianVAE.Configuration) throws {}
}

extension GaussianVAE {
    /// The priors by name.
    public static let priors = Registry<any PriorRecipe.Type>(
        "prior",
        [
            StandardPriorRecipe.self, LearnedPriorRecipe.self, MixturePriorRecipe.self, VampPriorRecipe.self,
            StudentTPriorRecipe.self,
            FlowPriorRecipe<AffineCouplings>.self, FlowPriorRecipe<AutoregressiveLayers>.self,
            FlowPriorRecipe<SplineCouplings>.self, AggregatedPriorRecipe.self, NoPriorRecipe.self,
        ])
}
