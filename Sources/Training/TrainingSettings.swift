import Bounds
import Layers

/// How a model is trained; with the data and the model it determines the run.
public struct TrainingSettings: Codable, Sendable, Equatable {
    /// How often each example is seen.
    public var epochs = 10
    /// Examples in a step.
    public var batchSize = 128
    /// What is minimised.
    public var objective = ObjectiveKind.elbo
    /// Draws of z for each example in a step: L of the ELBO, K of the importance-weighted bound.
    public var samples = 1
    /// Which update.
    public var optimizer = OptimizerKind.adam
    /// The step length at its highest.
    public var learningRate = 1e-3
    /// How the step length changes over the run.
    public var schedule = ScheduleKind.constant
    /// Epochs over which the rate's weight grows from 0 to 1.
    public var warmUpEpochs = 0
    /// The largest norm of all gradients together; 0 for no limit.
    public var gradientLimit = 0.0
    /// How much of the average of weights is kept at each step; 0 for no average.
    public var averageDecay = 0.0
    /// Epochs without a better validation bound after which training stops; 0 for never.
    public var patience = 0

    // What came later is optional, so that the configurations of before can be read.

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

    /// Which optimiser.
    public enum OptimizerKind: String, Codable, Sendable, CaseIterable {
        /// Stochastic gradient descent with momentum 0.9.
        case sgd
        /// Adam.
        case adam
        /// Adam with decoupled weight decay 0.01.
        case adamw
        /// Adam with the infinity norm.
        case adamax
    }

    /// Which schedule of the learning rate.
    public enum ScheduleKind: String, Codable, Sendable, CaseIterable {
        /// The same throughout.
        case constant
        /// A tenth after two thirds of the run.
        case step
        /// Up in the first twentieth, then down to zero along half a cosine.
        case cosine
    }

    /// Checks every value against its range.
    ///
    /// - Throws: `TrainingError.invalid` with the setting, its value and what is allowed.
    public func validate() throws {
        try require(epochs >= 1, "epochs", epochs, "at least 1")
        try require(batchSize >= 1, "batchSize", batchSize, "at least 1")
        try require(samples >= 1, "samples", samples, "at least 1")
        try require(
            learningRate > 0 && learningRate.isFinite, "learningRate", learningRate, "a positive number")
        try require(warmUpEpochs >= 0, "warmUpEpochs", warmUpEpochs, "0 or more")
        try require(
            gradientLimit >= 0 && gradientLimit.isFinite, "gradientLimit", gradientLimit,
            "0 (no limit) or more")
        try require((0..<1).contains(averageDecay), "averageDecay", averageDecay, "0 (no average) to below 1")
        try require(patience >= 0, "patience", patience, "0 (never stop early) or more")
        if let period = warmUpPeriod {
            try require(
                warmUpEpochs > 0 && period > warmUpEpochs, "warmUpPeriod", period,
                "more than the epochs of the warm-up, of which there must be some (\(warmUpEpochs))")
        }
        if let rate = encoderLearningRate {
            try require(rate > 0 && rate.isFinite, "encoderLearningRate", rate, "a positive number")
        }
        try objective.validate(samples: samples)
        try validateGradient()
    }
}

/// Throws unless a setting holds to its range.
func require(_ holds: Bool, _ setting: String, _ value: Any, _ allowed: String) throws {
    guard holds else { throw TrainingError.invalid(setting: setting, value: "\(value)", allowed: allowed) }
}
