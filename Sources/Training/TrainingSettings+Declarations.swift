import Bounds
import Settings

extension TrainingSettings {
    /// The step lengths that float32 can bear.
    static let learningRates = 1e-12...1e3
    private static let counts = 0...1_000_000

    /// The settings.
    public static var settings: [Setting<TrainingSettings>] { steps + bounds }

    /// How the weights are moved.
    private static var steps: [Setting<TrainingSettings>] {
        [
            .integer(
                "epochs", \.epochs, in: 1...1_000_000,
                .option("epochs", default: "suits the data", usual: true, help: "Passes over the data.")),
            .integer(
                "batchSize", \.batchSize, in: 1...1_000_000,
                .option("batch-size", default: "suits the data", usual: true, help: "Examples in a step.")),
            .number(
                "learningRate", \.learningRate, in: learningRates,
                .option("learning-rate", usual: true, help: "The step length at its highest.")),
            .kind(
                "optimizer", \.optimizer, of: optimizers, option: .option("optimizer", help: "Which update.")),
            .kind(
                "schedule", \.schedule, of: schedules,
                option: .option(
                    "schedule", usual: true, help: "How the learning rate changes over the run.")),
            .integer(
                "warmUpEpochs", \.warmUpEpochs, in: counts,
                .option(
                    "warm-up", placeholder: "epochs", default: "suits the data", usual: true,
                    help: "Epochs over which the weight of the rate grows to 1.")),
            .integer(
                optional: "warmUpPeriod", \.warmUpPeriod, in: 1...1_000_000,
                .option(
                    "warm-up-period", placeholder: "epochs",
                    help: "Epochs after which the warm-up begins anew. Without it, there is one.")),
            Setting(
                "gradientLimit", \.gradientLimit,
                // A smaller limit, in float32, would leave nothing of a gradient.
                .number(in: 0...1e30).requiring("0 or at least 1e-12") { $0 == 0 || $0 >= 1e-12 },
                option: .option(
                    "gradient-limit", help: "The largest norm of a gradient; 0 for no limit.")),
            .number(
                "averageDecay", \.averageDecay, in: 0..<1,
                .option(
                    "average-decay", usual: true,
                    help: "Averages the weights over the steps, keeping so much at each; 0 for no average.")),
            .integer(
                "patience", \.patience, in: counts,
                .option(
                    "patience", placeholder: "epochs", usual: true,
                    help: "Stops after so many epochs without a better validation bound; 0 for never.")),
            .integer(
                optional: "keepEvery", \.keepEvery, in: 1...1_000_000,
                .option(
                    "keep-every", placeholder: "epochs",
                    help: "Keeps the checkpoint of every so many epochs. Without it, the best and the latest."
                )),
            .number(
                optional: "encoderLearningRate", \.encoderLearningRate, in: learningRates,
                .option(
                    "encoder-learning-rate",
                    help:
                        "The step length of the encoder, with an optimiser of its own. Without it, that of all."
                )
            ),
            Setting(
                optional: "frozen", \.frozen, .list(of: .text, count: 0...1000),
                option: .option(
                    "freeze", placeholder: "part,…",
                    help: "Parts of the model that stay as they begin: encoder, decoder or priorModel.")),
        ]
    }

    /// What is minimised, and how its gradient is found.
    private static var bounds: [Setting<TrainingSettings>] {
        [
            .kind(
                "objective", \.objective, of: objectives,
                option: .option("objective", usual: true, help: "What is maximised.")),
            .integer(
                "samples", \.samples, in: 1...10_000,
                .option("samples", usual: true, help: "Draws of z for each example in a step.")),
            .integer(
                optional: "backwardSamples", \.backwardSamples, in: 1...10_000,
                .option(
                    "backward-samples",
                    help: """
                        How many of the draws of iwae go through the backward pass, kept by their weights. The gradient \
                        has the same mean, and a step of many draws costs less than half. Without it, all.
                        """)),
            .choice(
                optional: "gradient", \.gradient,
                .option(
                    "gradient",
                    help: """
                        How the gradient of a bound of log weights is found: through the draws (without it), by \
                        sticking the landing (stl), doubly reparameterised (dreg), or by the score function.
                        """)),
            .choice(
                optional: "baseline", \.baseline,
                .option(
                    "baseline", help: "What the score function's factor is measured from. Without it, none.")),
            .choice(
                optional: "rateEstimate", \.rateEstimate,
                .option(
                    "rate",
                    help:
                        "How the rate is found: in closed form where it has one (without it), or from the draws."
                )),
        ]
    }
}
