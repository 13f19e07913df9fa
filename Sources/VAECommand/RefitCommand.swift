import CommandLineKit
import Foundation
import VAE

/// `vae refit`: another prior for a trained model.
enum RefitCommand {
    private static let out = Option(
        "out", short: "o", .path, placeholder: "run",
        help: "The run folder to make. Without it, <run>-<prior>.")
    private static let settings = SettingOptions(RefitSettings.outlines)

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
            OptionGroup("Run", [out, Options.quiet, Options.json])
        ] + priorGroups + [
            OptionGroup(
                "Training",
                ["epochs", "batch-size", "learning-rate"].map { settings[$0] } + [Options.checkpoint]),
            OptionGroup("Data", [Options.dataDirectory]), Options.machineGroup,
        ],
        run: run)

    private static var priorGroups: [OptionGroup] {
        let choices = RefitSettings.outlines.filter { $0.key == "prior" }
        return [OptionGroup("Choice", [settings["prior"]])]
            + choices.flatMap { settings.groups(of: $0, shown: .always) }
    }

    @Sendable private static func run(_ arguments: Arguments) throws {
        let given = settings.given(arguments)
        let refit = try RefitSettings(settings.overrides(given, on: .object([:])))
        let name = type(of: refit.prior).kind
        let isFound = refit.prior.isMadeOfPosteriors && !refit.prior.isLearned
        guard refit.prior.isLearned || isFound else {
            throw UsageError("invalid value '\(name)' for '--prior'; there is nothing to fit in it")
        }
        if isFound, let option = given.keys.filter({ $0 != "prior" }).min() {
            throw UsageError("'--\(option)' is for a prior that is learnt; the aggregated posterior is not")
        }
        let input = try RunInput(arguments, isQuiet: arguments[Options.quiet])
        let folder =
            arguments[out].map { URL(filePath: $0) }
            ?? URL(filePath: input.trained.run.url.standardizedFileURL.path + "-" + name)
        let splits = try input.splits(needing: ["training"])
        if isFound { return try aggregate(input, splits, folder, arguments) }
        do {
            let session = try TrainingSession(
                fitting: refit.prior, to: input.trained,
                settings: refit.training(after: input.trained.configuration.training), data: splits,
                in: folder)
            try TrainCommand.train(session, arguments)
        } catch let error as SettingsError {
            throw settings.failure(error, given: given, file: nil)
        }
    }

    private static func aggregate(
        _ input: RunInput, _ splits: DataSplits, _ folder: URL, _ arguments: Arguments
    ) throws {
        let bar = ProgressBar(
            "encode", total: splits.training.count, unit: "example",
            style: .automatic(isQuiet: arguments[Options.quiet]))
        let run = try input.trained.aggregatingPosterior(over: splits, in: folder) { bar.advance(by: $0) }
        bar.finish()
        let report = try Report(TrainedModel(opening: run.url), data: splits)
        try report.write()
        let path = run.url.relativePath
        if arguments[Options.json] {
            Terminal.output.text(try jsonText(["run": path, "report": path + "/report.html"]))
        } else {
            Terminal.output.lines(["run: \(path)", "report: \(path)/report.html"])
        }
    }
}
