import Models
import Settings
import Training

/// How another prior is fitted to the codes of a trained model.
public struct RefitSettings: Configurable {
    /// The prior.
    public var prior: any PriorRecipe = MixturePriorRecipe()
    /// Passes over the codes.
    public var epochs = 20
    /// Codes in a step.
    public var batchSize = 128
    /// The step length at its highest.
    public var learningRate = 1e-3

    /// The defaults: a mixture.
    public init() {}

    /// The settings.
    public static var settings: [Setting<RefitSettings>] {
        [
            .kind(
                "prior", \.prior, of: GaussianVAE.priors,
                option: .option(
                    "prior", help: "Which prior to fit; aggregated is found, not fitted.")),
            .integer(
                "epochs", \.epochs, in: 1...1_000_000, .option("epochs", help: "Passes over the codes.")),
            .integer(
                "batchSize", \.batchSize, in: 1...1_000_000,
                .option("batch-size", help: "Codes in a step.")),
            .number(
                "learningRate", \.learningRate, in: 1e-12...1e3,
                .option("learning-rate", help: "The optimiser's step length at its highest.")),
        ]
    }

    /// The settings of a run that fits the prior of a model.
    ///
    /// - Parameter training: How the model was trained.
    /// - Returns: How the prior is.
    public func training(after training: TrainingSettings) -> TrainingSettings {
        var settings = training
        settings.epochs = epochs
        settings.batchSize = batchSize
        settings.learningRate = learningRate
        settings.schedule = .cosine
        settings.warmUpEpochs = 0
        settings.averageDecay = 0
        // With encoder and decoder as they are, the ELBO alone says what a better prior is.
        settings.objective = .elbo
        settings.gradient = nil
        settings.baseline = nil
        settings.backwardSamples = nil
        settings.rateEstimate = nil
        settings.warmUpPeriod = nil
        settings.encoderLearningRate = nil
        return settings
    }
}
