import CommandLineKit
import Foundation
import VAE

/// `vae refit`: another prior for a trained model.
enum RefitCommand {
    private static let out = Option(
        "out", short: "o", .path, placeholder: "run",
        help: "The run folder to make. Without it, <run>-<prior>.")
    private static let epochs = Option(
        "epochs", .integer(in: 1...1_000_000), default: 20, help: "Passes over the codes.")
    private static let batchSize = Option(
        "batch-size", .integer(in: 1...1_000_000), default: 128, help: "Codes in a step.")
    private static let learningRate = Option(
        "learning-rate", .double(in: .above(0)), default: 1e-3,
        help: "The optimiser's step length at its highest.")
    private static let learnt = TrainCommand.PriorName.allCases.filter(\.isLearnt)
    private static let prior = Option(
        "prior", .choice(of: learnt.map(\.rawValue) + ["aggregated"]),
        default: TrainCommand.PriorName.mixture.rawValue,
        help: "Which prior to fit: one of those that 'vae train' knows, or the aggregated posterior.")

    static let command = Command(
        "refit", summary: "Fits another prior to the codes of a trained model.",
        discussion: """
            Encoder and decoder stay as they are; only p(z) is learnt, by maximising E_q[log p(z)] over the training \
            examples. The better the prior fits the codes, the smaller the rate, and the more samples look like data. An \
            autoencoder, which has no prior, becomes a model to sample from. The result is a run of its own.

            The best of all priors is the aggregated posterior, the mixture of q(z | x) over all training examples \
            (--prior aggregated, which has nothing to learn). It has learnt them by heart: compare 'vae evaluate' on the \
            training and the test split.
            """,
        examples: [
            Example(
                "vae refit runs/digits --components 100",
                "A mixture of 100 Gaussians, into runs/digits-mixture."),
            Example(
                "vae refit runs/digits --prior aggregated -o runs/heart", "All codes of the training set."),
        ],
        positionals: [Options.run],
        options: [
            OptionGroup("Run", [out, Options.quiet, Options.json]),
            OptionGroup(
                "Prior", [prior, TrainCommand.components, TrainCommand.flowLayers, TrainCommand.flowHidden]),
            OptionGroup("Training", [epochs, batchSize, learningRate, Options.checkpoint]),
            OptionGroup("Data", [Options.dataDirectory]), Options.machineGroup,
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        let family = TrainCommand.PriorName(rawValue: arguments[prior])
        try TrainCommand.checkPriorOptions(arguments, prior: family)
        let input = try RunInput(arguments, isQuiet: arguments[Options.quiet])
        let folder =
            arguments[out].map { URL(filePath: $0) }
            ?? URL(filePath: input.trained.run.url.standardizedFileURL.path + "-" + arguments[prior])
        let splits = try input.splits()
        guard let family else {
            for option in [epochs, batchSize] as [any CommandLineKit.Parameter] + [learningRate]
            where arguments.isGiven(option) {
                throw UsageError(
                    "'\(option.declaration.label)' is for a prior that is learnt; the aggregated posterior is not"
                )
            }
            let bar = ProgressBar(
                "encode", total: splits.training.count, unit: "example",
                style: .automatic(isQuiet: arguments[Options.quiet]))
            let run = try input.trained.aggregatingPosterior(over: splits, in: folder) { bar.advance(by: $0) }
            bar.finish()
            let report = try Report(TrainedModel(opening: run.url), data: splits)
            try report.write()
            let path = run.url.relativePath
            return print(
                arguments[Options.json]
                    ? try jsonText(["run": path, "report": path + "/report.html"])
                    : "run: \(path)\nreport: \(path)/report.html\n", terminator: "")
        }
        var settings = input.trained.configuration.training
        settings.epochs = arguments[epochs]
        settings.batchSize = arguments[batchSize]
        settings.learningRate = arguments[learningRate]
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
        let session = try TrainingSession(
            fitting: TrainCommand.prior(arguments, named: family), to: input.trained, settings: settings,
            data: splits, in: folder)
        try TrainCommand.train(session, arguments)
    }
}
