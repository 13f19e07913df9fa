import Bounds
import Settings
import Tensors

extension ObjectiveRecipe {
    /// The loss of an objective that is made of log weights.
    func lossOfLogWeights(_ context: ObjectiveContext) -> any Objective {
        let bounds = bounds ?? (.elbo, .elbo)
        return NegativeMultiSampleBound(
            bounds.generative, inference: bounds.inference, estimator: context.estimator,
            warmUp: context.warmUp, backwardSamples: context.backwardSamples)
    }
}

/// The negative ELBO.
public struct ELBORecipe: ObjectiveRecipe {
    /// Its name.
    public static let kind = "elbo"
    /// Its line in the help.
    public static let help = "The evidence lower bound, averaged over the samples."
    /// It has no settings.
    public static var settings: [Setting<ELBORecipe>] { [] }

    /// The choice.
    public init() {}

    /// The plain ELBO is not made of log weights, so that its rate may be analytic.
    public func make(_ context: inout ObjectiveContext) throws -> any Objective {
        context.estimator == .reparameterized
            ? NegativeELBO(warmUp: context.warmUp) : lossOfLogWeights(context)
    }

    /// The choice in a phrase.
    public var summary: String { "ELBO" }
    /// The ELBO for both sides.
    public var bounds: (generative: MultiSampleBound, inference: MultiSampleBound)? { (.elbo, .elbo) }
    /// With gradients through the draws.
    public var takesAnalyticRate: Bool { true }
}

extension ObjectiveRecipe where Self == ELBORecipe {
    /// The negative ELBO.
    public static var elbo: ELBORecipe { ELBORecipe() }
}

/// The negative importance-weighted bound.
public struct ImportanceWeightedRecipe: ObjectiveRecipe {
    /// Its name.
    public static let kind = "iwae"
    /// Its line in the help.
    public static let help = "The importance-weighted bound of the samples."
    /// It has no settings.
    public static var settings: [Setting<ImportanceWeightedRecipe>] { [] }

    /// The choice.
    public init() {}

    /// The loss.
    public func make(_ context: inout ObjectiveContext) throws -> any Objective { lossOfLogWeights(context) }

    /// The choice in a phrase.
    public var summary: String { "importance-weighted bound" }
    /// The importance-weighted bound for both sides.
    public var bounds: (generative: MultiSampleBound, inference: MultiSampleBound)? {
        (.importanceWeighted, .importanceWeighted)
    }
    /// The gradient has the same mean.
    public var takesBackwardSamples: Bool { true }
}

extension ObjectiveRecipe where Self == ImportanceWeightedRecipe {
    /// The negative importance-weighted bound.
    public static var iwae: ImportanceWeightedRecipe { ImportanceWeightedRecipe() }
}

/// The average of the importance-weighted bounds of parts of the draws.
public struct PartedBoundRecipe: ObjectiveRecipe {
    /// How many parts.
    public var parts: Int

    /// Its name.
    public static let kind = "miwae"
    /// Its line in the help.
    public static let help = "The mean of the importance-weighted bounds of parts of the samples."
    /// Its settings.
    public static var settings: [Setting<PartedBoundRecipe>] { [Parts.setting(\.parts)] }

    /// The choice, of two parts.
    public init() { self.init(parts: 2) }

    /// So many parts.
    public init(parts: Int) { self.parts = parts }

    /// The loss.
    public func make(_ context: inout ObjectiveContext) throws -> any Objective { lossOfLogWeights(context) }

    /// The choice in a phrase.
    public var summary: String { "mean importance-weighted bound of \(parts) parts of the draws" }
    /// The bound of parts for both sides.
    public var bounds: (generative: MultiSampleBound, inference: MultiSampleBound)? {
        (MultiSampleBound(parts: parts), MultiSampleBound(parts: parts))
    }

    /// The draws can be cut into the parts.
    public func validate(samples: Int) throws { try Parts.validate(parts, samples: samples) }
}

extension ObjectiveRecipe where Self == PartedBoundRecipe {
    /// The average of the importance-weighted bounds of parts of the draws.
    public static func miwae(parts: Int) -> PartedBoundRecipe { PartedBoundRecipe(parts: parts) }
}

/// The importance-weighted bound for the decoder, that of parts for the encoder.
public struct PartedInferenceRecipe: ObjectiveRecipe {
    /// How many parts.
    public var parts: Int

    /// Its name.
    public static let kind = "piwae"
    /// Its line in the help.
    public static let help = "iwae for the decoder, miwae for the encoder."
    /// Its settings.
    public static var settings: [Setting<PartedInferenceRecipe>] { [Parts.setting(\.parts)] }

    /// The choice, of two parts.
    public init() { self.init(parts: 2) }

    /// So many parts.
    public init(parts: Int) { self.parts = parts }

    /// The loss.
    public func make(_ context: inout ObjectiveContext) throws -> any Objective { lossOfLogWeights(context) }

    /// The choice in a phrase.
    public var summary: String {
        "importance-weighted bound, for the encoder the mean of those of \(parts) parts of the draws"
    }
    /// The bound of all draws for the decoder, of parts for the encoder.
    public var bounds: (generative: MultiSampleBound, inference: MultiSampleBound)? {
        (.importanceWeighted, MultiSampleBound(parts: parts))
    }
    /// The two bounds have gradients of their own.
    public var needs: Set<LatentTrait> { [.isKnownEverywhere, .isDetachable] }

    /// The draws can be cut into the parts.
    public func validate(samples: Int) throws { try Parts.validate(parts, samples: samples) }
}

extension ObjectiveRecipe where Self == PartedInferenceRecipe {
    /// The importance-weighted bound for the decoder, that of parts for the encoder.
    public static func piwae(parts: Int) -> PartedInferenceRecipe { PartedInferenceRecipe(parts: parts) }
}

/// Between the importance-weighted bound and the ELBO.
public struct CombinedBoundRecipe: ObjectiveRecipe {
    /// The share of the ELBO.
    public var elboShare: Double

    /// Its name.
    public static let kind = "ciwae"
    /// Its line in the help.
    public static let help = "Between iwae and elbo."
    /// Its settings.
    public static var settings: [Setting<CombinedBoundRecipe>] {
        [
            .number(
                "elboShare", \.elboShare, in: 0...1,
                .option("elbo-share", help: "The share of the ELBO in ciwae."))
        ]
    }

    /// The choice, half and half.
    public init() { self.init(elboShare: 0.5) }

    /// A share of the ELBO.
    public init(elboShare: Double) { self.elboShare = elboShare }

    /// The loss.
    public func make(_ context: inout ObjectiveContext) throws -> any Objective { lossOfLogWeights(context) }

    /// The choice in a phrase.
    public var summary: String { "importance-weighted bound with \(elboShare) of the ELBO" }
    /// The same mixture for both sides.
    public var bounds: (generative: MultiSampleBound, inference: MultiSampleBound)? {
        (MultiSampleBound(elboShare: elboShare), MultiSampleBound(elboShare: elboShare))
    }
}

extension ObjectiveRecipe where Self == CombinedBoundRecipe {
    /// Between the importance-weighted bound and the ELBO.
    public static func ciwae(elboShare: Double) -> CombinedBoundRecipe {
        CombinedBoundRecipe(elboShare: elboShare)
    }
}

/// The setting of the parts that draws are cut into.
private enum Parts {
    static func setting<Root: Configurable>(_ path: WritableKeyPath<Root, Int> & Sendable) -> Setting<Root> {
        .integer(
            "parts", path, in: 1...10_000,
            .option("parts", help: "Parts that the draws of an example are cut into."))
    }

    static func validate(_ parts: Int, samples: Int) throws {
        try SettingsError.require(
            samples % parts == 0, "objective.parts", parts, "a divisor of the number of samples, \(samples)")
    }
}
