import Settings
import Tensors

/// No prior: an autoencoder's.
public struct NoPriorRecipe: PriorRecipe {
    /// Its name.
    public static let kind = "none"
    /// Its line in the help.
    public static let help = "None, for a deterministic posterior: the autoencoder."
    /// It has no settings.
    public static var settings: [Setting<NoPriorRecipe>] { [] }

    /// The choice.
    public init() {}

    /// Nothing.
    public func make(
        _ configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> (any Prior)? { nil }

    /// Nothing to say.
    public var summary: String? { nil }
    /// There is none.
    public var hasDensity: Bool { false }
    /// There is nothing to fit.
    public var isLearned: Bool { false }

    /// Only a deterministic posterior goes without.
    public func validate(for configuration: GaussianVAE.Configuration) throws {
        try require(
            configuration.posterior.isDeterministic, "prior", "none",
            "a prior, unless the posterior is deterministic")
    }
}

extension PriorRecipe where Self == NoPriorRecipe {
    /// No prior: an autoencoder's.
    public static var none: NoPriorRecipe { NoPriorRecipe() }
}
