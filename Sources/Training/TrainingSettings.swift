import Bounds
import Layers
import Settings

/// How a model is trained; with the data and the model it determines the run.
public struct TrainingSettings: Configurable {
    /// How often each example is seen.
    public var epochs = 10
    /// Examples in a step.
    public var batchSize = 128
    /// What is minimised.
    public var objective: any ObjectiveRecipe = .elbo
    /// Draws of z for each example in a step: L of the ELBO, K of the importance-weighted bound.
    public var samples = 1
    /// Which update.
    public var optimizer: any OptimizerRecipe = .adam
    /// The step length at its highest.
    public var learningRate = 1e-3
    /// How the step length changes over the run.
    public var schedule: any ScheduleRecipe = .constant
    /// Epochs over which the rate's weight grows from 0 to 1.
    public var warmUpEpochs = 0
    /// The largest norm of all gradients together; 0 for no limit.
    public var gradientLimit = 0.0
    /// How much of the average of weights is kept at each step; 0 for no average.
    public var averageDecay = 0.0
    /// Epochs without a better validation bound after which training stops; 0 for never.
    public var patience = 0
    /// The checkpoint of every so many epochs is kept; absent for none beside the best and the latest.
    public var keepEvery: Int?
    /// Parts of the model, by the names of their properties, that stay as they are; absent or empty for none.
    public var frozen: [String]?
    /// How gradients are found; absent for `.reparameterized`.
    public var gradient: GradientKind?
    /// What the score function's factor is measured from; absent for `.none`.
    public var baseline: Baseline?
    /// How the rate is found; absent for `.analytic`, where nothing else asks for the rate of the draws.
    public var rateEstimate: RateEstimate?
    /// Epochs after which the rate's weight begins anew at 0; absent for never.
    public var warmUpPeriod: Int?
    /// The step length of the encoder at its highest, where it has one of its own.
    public var encoderLearningRate: Double?
    /// How many of the draws go through the backward pass, kept by their weights; absent for all.
    public var backwardSamples: Int?

    /// The defaults: ten epochs of Adam.
    public init() {}

    /// Checks every value against its range, and the values that have to do with one another.
    ///
    /// - Throws: `SettingsError`.
    public func validate() throws {
        try checkSettings()
        if let period = warmUpPeriod {
            try require(
                warmUpEpochs > 0 && period > warmUpEpochs, "warmUpPeriod", period,
                "more than the epochs of the warm-up, of which there must be some (\(warmUpEpochs))")
        }
        try objective.validate(samples: samples)
        try validateGradient()
    }
}

/// Throws unless a setting suits the others.
func require(_ holds: Bool, _ setting: String, _ value: Any, _ allowed: @autoclosure () -> String) throws {
    try SettingsError.require(holds, setting, value, allowed())
}
