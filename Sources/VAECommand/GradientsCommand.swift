import CommandLineKit
import Foundation
import VAE

/// `vae gradients`: how biased and how noisy each estimate of the encoder's gradient is.
enum GradientsCommand {
    private static let samples = Option(
        "samples", short: "k", .integer(in: 1...1000), default: 8,
        help: "Draws of z for each example in an estimate.")
    private static let bound = Option(
        "bound", .choice(GradientReport.BoundName.self), default: .iwae,
        help: "Which bound of the draws: elbo, or iwae (importance-weighted). Of one draw they are the same.")
    private static let repeats = Option(
        "repeats", .integer(in: 4...1_000_000), default: 200, help: "Estimates of each kind.")
    private static let reference = Option(
        "reference", .integer(in: 4...10_000_000), default: 2000,
        help: "Reparameterised estimates whose mean the others are held against.")
    private static let count = Option(
        "count", short: "n", .integer(in: 1...100_000), default: 100, help: "Examples in the batch.")
    private static let report = Option.flag(
        "report", default: true,
        help: "Keeps the numbers and figures in the run, where they are of its own data and best weights.")

    static let command = Command(
        "gradients", summary: "Measures bias and noise of each way to find the gradient.",
        discussion: """
            On the first examples of the split, with the weights as they are, the encoder's gradient is estimated many \
            times in each way that suits the model, as 'vae train --gradient' and '--baseline' name them: through the \
            draws (reparameterized; of the ELBO also with the rate in closed form, analytic-rate), by sticking the landing \
            (stl), doubly reparameterised (dreg), and by the score function with no baseline, the running mean, or the \
            other draws of the example.

            The variance is that of all the encoder's weights together; signal to noise is the gradient's norm over its \
            root. The bias is measured along the direction in which a first half of the estimates lies off the reference, \
            on the second half; z is the bias in its standard errors. Above four it is none of chance.
            """,
        examples: [
            Example("vae gradients runs/digits", "The importance-weighted bound of eight draws."),
            Example(
                "vae gradients runs/digits --bound elbo -k 1 --repeats 1000",
                "The ELBO as training sees it."),
        ],
        positionals: [Options.run],
        options: [
            OptionGroup(
                "Measure", [samples, bound, repeats, reference, count, Options.seed, Options.checkpoint]),
            Options.dataGroup, OptionGroup("Output", [report, Options.json, Options.quiet]),
            Options.machineGroup,
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        let isQuiet = arguments[Options.quiet]
        let input = try RunInput(arguments, isQuiet: isQuiet)
        let splits = try input.chosenSplits()
        var measurement = GradientMeasurement()
        measurement.samples = arguments[samples]
        measurement.bound = arguments[bound]
        measurement.repeats = arguments[repeats]
        measurement.referenceRepeats = arguments[reference]
        let bars = StageBars(isQuiet: isQuiet)
        let outcome: GradientOutcome
        do {
            outcome = try input.trained.measureGradients(
                splits, split: arguments[Options.split], measurement, count: arguments[count],
                seed: arguments[Options.seed], areOwn: !arguments.isGiven(Options.data), progress: bars.show)
        } catch let error as EvaluationError {
            throw Failure("\(arguments[Options.run]): \(error)", exitCode: .dataError)
        }
        bars.finish()
        for trait in outcome.missing where !isQuiet {
            Terminal.error.line("note: some estimators are left out: they are for \(trait.owners)")
        }
        let measured = outcome.measured
        Terminal.output.text(arguments[Options.json] ? try jsonText(measured) : measured.gradients.text)
        let isOwn = !arguments.isGiven(Options.data)
        guard arguments[report], isOwn, arguments[Options.checkpoint] == .best else { return }
        try input.trained.store(measured)
        try Report(input.trained, data: splits).write()
    }
}

extension GradientReport {
    /// A heading and an aligned table.
    fileprivate var text: String {
        var table = Table(
            [("estimator", .left)]
                + ["variance", "±", "signal/noise", "bias", "±", "z"].map { ($0, .right) })
        for row in rows { table.append([row.name] + row.cells) }
        let heading =
            "gradient of \(boundText) by the encoder's weights, \(examples) example\(examples == 1 ? "" : "s") "
            + "of \(phrase(ofSplit: split)): norm \(normText)\n"
        return heading + "\n" + table.text + (othersText.map { "\n\($0)\n" } ?? "")
    }
}
