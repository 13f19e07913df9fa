import Bounds
import Settings
import Tensors

/// The settings of what is minimised, and how it is made of them.
///
/// A package adds objectives of its own by `TrainingSettings.objectives.register(_:)`.
public protocol ObjectiveRecipe: Choice {
    /// The loss.
    ///
    /// - Throws: Errors of the context, where something is asked of the model.
    func make(_ context: inout ObjectiveContext) throws -> any Objective

    /// The choice in a phrase.
    var summary: String { get }

    /// What it asks of the latents.
    var needs: Set<LatentTrait> { get }

    /// The bounds that decoder and encoder follow, if it is made of log weights.
    var bounds: (generative: MultiSampleBound, inference: MultiSampleBound)? { get }

    /// Whether the rate may have its closed form: it may not where the loss is made of log weights.
    var takesAnalyticRate: Bool { get }

    /// Whether the backward pass may keep a few of the draws, resampled by their weights.
    var takesBackwardSamples: Bool { get }

    /// What else than a warm-up brings latent units to life.
    var collapseRemedy: String { get }

    /// Checks that the objective suits the number of draws.
    ///
    /// - Throws: `SettingsError`, which names settings of `TrainingSettings`.
    func validate(samples: Int) throws
}

extension ObjectiveRecipe {
    /// None, unless a kind says otherwise.
    public var needs: Set<LatentTrait> { [] }

    /// None, unless a kind says otherwise.
    public var bounds: (generative: MultiSampleBound, inference: MultiSampleBound)? { nil }

    /// `true`, unless the loss is made of log weights.
    public var takesAnalyticRate: Bool { bounds == nil }

    /// `false`, unless a kind says otherwise.
    public var takesBackwardSamples: Bool { false }

    /// Free bits for a bound of log weights, for others a lower weight, unless a kind says otherwise.
    public var collapseRemedy: String { bounds == nil ? "a lower weight" : Self.freeBitsRemedy }

    static var freeBitsRemedy: String { "free bits" }

    /// Asks nothing, unless a kind says otherwise.
    public func validate(samples: Int) throws {}
}

/// What an objective is made with.
public struct ObjectiveContext {
    /// How gradients are found.
    public var estimator: GradientEstimator
    /// How the weight of the rate grows.
    public var warmUp: WarmUp
    /// Draws of z for each example in a step.
    public var samples: Int
    /// How many draws go through the backward pass; `nil` for all.
    public var backwardSamples: Int?
    /// How many numbers z has; asks the model, which takes a pass over a batch.
    public var units: () throws -> Int
    /// Draws the weights of what learns along.
    public var generator: Generator

    /// A context.
    public init(
        estimator: GradientEstimator, warmUp: WarmUp, samples: Int, backwardSamples: Int? = nil,
        units: @escaping () throws -> Int,
        generator: Generator
    ) {
        self.estimator = estimator
        self.warmUp = warmUp
        self.samples = samples
        self.backwardSamples = backwardSamples
        self.units = units
        self.generator = generator
    }
}

extension TrainingSettings {
    /// The objectives by name.
    public static let objectives = Registry<any ObjectiveRecipe.Type>(
        "objective",
        [
            ELBORecipe.self, ImportanceWeightedRecipe.self, PartedBoundRecipe.self,
            PartedInferenceRecipe.self, CombinedBoundRecipe.self, WeightedRate.self, CapacityTarget.self,
            FreeBits.self, TotalCorrelation.self, MeanDiscrepancy.self, PriorOfMeansRecipe.self,
            PriorOfDrawsRecipe.self, LatentWidth.self, FactorLoss.Settings.self,
            RenyiRecipe.self,
        ])
}

/// An objective with something else in the place of the rate.
protocol RegularizerRecipe: ObjectiveRecipe {
    /// What stands there.
    var regularizer: any Regularizer { get }
}

extension RegularizerRecipe {
    /// Distortion and what stands for the rate.
    public func make(_ context: inout ObjectiveContext) throws -> any Objective {
        RegularizedLoss(regularizer, warmUp: context.warmUp)
    }
}

extension RegularizerRecipe where Self: Regularizer {
    var regularizer: any Regularizer { self }
}

/// The ranges that several objectives share.
enum ObjectiveLimits {
    /// A weight that may be 0.
    static let weight = 0...1e9
    /// A weight that may not.
    static let positiveWeight = 1e-12...1e9
    /// Nats.
    static let nats = 0...1e9

    /// The setting of the weight of what stands in the place of the rate.
    static func weight<Root: Configurable>(
        _ path: WritableKeyPath<Root, Double> & Sendable, in range: ClosedRange<Double> = weight
    ) -> Setting<Root> {
        .number(
            "weight", path, in: range,
            .option("objective-weight", help: "The weight of what stands in the place of the rate."))
    }
}
