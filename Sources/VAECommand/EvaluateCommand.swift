import CommandLineKit
import Foundation
import VAE

/// `vae evaluate`: honest numbers.
enum EvaluateCommand {
    private static let importanceSamples = Option(
        "importance-samples", short: "k", .integer(in: 0...1_000_000),
        help:
            "Draws of z for each example in log p(x); 0 leaves it out. Without it, 100 for a bound, 0 for an exact likelihood or a loss."
    )
    private static let boundSamples = Option(
        "samples", .integer(in: 1...10_000), default: 1, help: "Draws of z for each example in the ELBO.")
    private static let count = Option(
        "count", short: "n", .integer(in: 1...),
        help: "How many examples at most. Without it, the whole split.")

    private static let batchSize = 100

    static let command = Command(
        "evaluate", summary: "Measures a model on held-out examples.",
        discussion: """
            The ELBO with its two parts, distortion and rate; log p(x) by importance sampling, a tighter bound; bits per \
            dimension where the data are discrete; and the active units, whose posterior mean varies over the data by \
            more than 0.01. All are means over examples in nats, with their standard errors.

            A Bernoulli likelihood of grey values is no likelihood: such numbers are called a loss.
            """,
        examples: [
            Example("vae evaluate runs/digits", "The whole test split."),
            Example(
                "vae evaluate runs/digits -k 1000 --json > digits.json", "A tighter bound, for a script."),
            Example("vae evaluate runs/digits --split training -n 5000", "How far the model overfits."),
        ],
        positionals: [Options.run],
        options: [
            OptionGroup(
                "Measure", [importanceSamples, boundSamples, count, Options.seed, Options.checkpoint]),
            Options.dataGroup, OptionGroup("Output", [Options.json, Options.quiet]), Options.machineGroup,
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        let input = try RunInput(arguments, isQuiet: arguments[Options.quiet])
        let (split, source) = try input.split()
        let kind = input.trained.configuration.model.boundKind(of: input.preprocessing)
        var settings = Evaluator.Settings()
        settings.boundSamples = arguments[boundSamples]
        settings.importanceSamples = arguments[importanceSamples] ?? (kind == .bound ? 100 : 0)
        let total = min(source.count, arguments[count] ?? source.count)
        let seed = Generator(seed: UInt64(arguments[Options.seed]))
        var evaluator = Evaluator(input.trained.model, settings: settings, noise: seed.child(1))
        var binarization = seed.child(2)
        let bar = ProgressBar(
            "evaluate", total: total, unit: "example", style: .automatic(isQuiet: arguments[Options.quiet]))
        let loader = try BatchLoader(SubsetSource(source, at: Array(0..<total)), batchSize: batchSize)
        var roundTripErrors: [Double] = []
        for batch in loader.batches() {
            let batch = try batch.get()
            let x = input.preprocessing.apply(to: batch.examples, using: &binarization)
            evaluator.add(x, classes: batch.labels)
            if let error = input.trained.roundTripError(x) { roundTripErrors.append(error) }
            bar.advance(by: batch.indices.count)
        }
        bar.finish()
        let result = evaluator.result(
            split: split, kind: kind,
            discreteDimensions: input.trained.configuration.discreteDimensions)
        let report = EvaluationReport(
            run: arguments[Options.run], checkpoint: arguments[Options.checkpoint].rawValue,
            data: source.name,
            preprocessing: input.preprocessing, seed: arguments[Options.seed], evaluation: result,
            lossNote: input.trained.configuration.lossNote,
            hasSplit: input.trained.configuration.model.hasSplit,
            roundTripError: roundTripErrors.max())
        print(arguments[Options.json] ? try jsonText(report) : report.text, terminator: "")
    }
}
