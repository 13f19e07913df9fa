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
    static let count = Option(
        "count", short: "n", .integer(in: 1...),
        help: "How many examples at most. Without it, the whole split.")

    private static let surgery = Option.flag(
        "surgery", help: "Cuts the bound into its parts: what z tells about x, and how far q(z) is from p(z)."
    )
    private static let gaps = Option.flag(
        "gaps", help: "Splits log p(x) − ELBO into what q's family and what the encoder lose.")
    private static let refinementSteps = Option(
        "refinement-steps", .integer(in: 1...100_000), default: 100,
        help: "Steps of each example's own posterior, for --gaps.")
    private static let annealedSteps = Option(
        "annealed-steps", .integer(in: 1...1_000_000),
        help: "Densities on the way from prior to posterior, for log p(x) by annealing. Without it, none.")
    private static let chains = Option(
        "chains", .integer(in: 1...10_000), default: 16, help: "Annealed chains for each example.")
    private static let priorFit = Option.flag(
        "prior-fit", help: "Tells what a mixture of Gaussians, fitted to the codes, would gain as the prior.")
    private static let disentanglement = Option.flag(
        "disentanglement",
        help: "Asks whether single units stand for the factors that the pictures are drawn from (sprites).")
    private static let realism = Option.flag(
        "realism", help: "Compares samples with data: precision, recall, kernel distance and sharpness.")
    private static let report = Option.flag(
        "report", default: true,
        help:
            "Keeps the numbers in the run's report, where they are of its own held-out data and best weights."
    )

    static let command = Command(
        "evaluate", summary: "Measures a model on held-out examples.",
        discussion: """
            The ELBO with its two parts, distortion and rate; log p(x) by importance sampling, a tighter bound; bits per \
            dimension where the data are discrete; and the active units, whose posterior mean varies over the data by \
            more than 0.01. All are means over examples in nats, with their standard errors.

            log p(x) is shown with 1, 10, 100, … draws of z, the first ones of the same draws: a curve that rises to \
            log p(x).

            --surgery shows the bound as a code, in nats and bits, and cuts the rate in two: the mutual information of \
            x and z, which cannot exceed the log of the number of examples n, and the divergence of the aggregated \
            posterior q(z) from the prior, which a better prior would save. It takes n² densities.

            --gaps refines each example's own parameters of q(z | x), from those of the encoder, in batches. What that \
            gains, the encoder had left; what then lacks to log p(x), no q of this family can say.

            --annealed-steps finds log p(x) without the encoder: chains are led from the prior to the posterior by \
            Hamiltonian Monte Carlo, with as many moves. Both take long: give -n as well.

            --prior-fit fits mixtures of Gaussians to codes of training examples, up to \(TrainedModel.priorFitLimit) of them, chooses \
            the number of Gaussians by codes set aside, and tells by how much that prior would raise the ELBO here.

            --disentanglement asks of sprites, whose factors are known (shape, scale, rotation, x, y), which unit tells \
            which: mutual information and its gap (MIG), SAP, DCI with boosted trees for its regressor, and the β-VAE and \
            FactorVAE scores, over all combinations of the factors, or -n of them, to which chance adds.

            --realism compares images decoded from the prior, and reconstructions, with data: precision and recall (balls \
            of 3 neighbours), the kernel distance, and the variance of the Laplacian, which falls as images blur. \
            Features are those of a small classifier that learns the classes of the data first, once for each set: the \
            numbers compare models of that set.

            A Bernoulli likelihood of grey values is no likelihood: such numbers are called a loss. A density of 8-bit \
            levels without dequantization bounds no probability: such numbers are of the kind 'density'.

            What a model refuses is told at once. A measurement that fails later is named at the end, with the others \
            made, and the program ends with an error.

            The file of a model that 'vae fit' has left is measured in closed form: log p(x) of a mixture is exact.
            """,
        examples: [
            Example("vae evaluate runs/digits", "The whole test split."),
            Example(
                "vae evaluate runs/digits -k 1000 --json > digits.json", "A tighter bound, for a script."),
            Example("vae evaluate runs/digits --split training -n 5000", "How far the model overfits."),
            Example(
                "vae evaluate runs/digits --surgery --prior-fit",
                "What the latent is worth, and what a better prior would be."),
            Example("vae evaluate runs/digits --realism", "How real the samples are, and how sharp."),
            Example("vae evaluate runs/sprites --disentanglement", "Which unit stands for what."),
            Example(
                "vae evaluate runs/digits -n 500 --gaps --annealed-steps 500",
                "What the bound loses, and log p(x) found twice."),
        ],
        positionals: [Options.model],
        options: [
            OptionGroup(
                "Measure",
                [
                    importanceSamples, boundSamples, count, surgery, gaps, annealedSteps, chains, priorFit,
                    disentanglement, realism, Options.seed, Options.checkpoint,
                ]),
            OptionGroup("Refinement", [refinementSteps] + RefinementOptions.all),
            Options.dataGroup, OptionGroup("Output", [report, Options.json, Options.quiet]),
            Options.machineGroup,
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        let foreign: [any CommandLineKit.Parameter] =
            [
                importanceSamples, boundSamples, surgery, gaps, refinementSteps, annealedSteps, chains,
                priorFit,
                disentanglement, realism, report, Options.checkpoint,
            ] + RefinementOptions.all
        if let network = try NetworkModelFile(arguments, refusing: foreign + [Options.split]) {
            return try network.evaluate(count: arguments[count])
        }
        if let fitted = try FittedModel(arguments, refusing: foreign) {
            return try fitted.evaluate(count: arguments[count])
        }
        let input = try RunInput(arguments, isQuiet: arguments[Options.quiet])
        let splits = try input.chosenSplits()
        let split = arguments[Options.split] ?? splits.heldOut.name
        var request = EvaluationRequest()
        request.boundSamples = arguments[boundSamples]
        request.importanceSamples = arguments[importanceSamples]
        request.count = arguments[count]
        request.surgery = arguments[surgery]
        request.gaps =
            arguments[gaps]
            ? RefinementOptions.refinement(arguments, steps: arguments[refinementSteps]) : nil
        request.annealing = arguments[annealedSteps].map { steps in
            var sampling = AnnealedImportanceSampling()
            (sampling.steps, sampling.chains) = (steps, arguments[chains])
            return sampling
        }
        request.priorFit = arguments[priorFit]
        request.disentanglement = arguments[disentanglement]
        request.realism = arguments[realism]
        request.seed = arguments[Options.seed]
        let own = arguments[priorFit] && arguments.isGiven(Options.data) ? try input.splits() : nil
        let bars = StageBars(isQuiet: arguments[Options.quiet])
        let outcome = try naming(arguments) {
            try input.trained.evaluate(
                splits, split: arguments[Options.split], request, areOwn: !arguments.isGiven(Options.data),
                trainedOn: own, progress: bars.show)
        }
        bars.finish()
        let report = EvaluationReport(
            run: arguments[Options.run], checkpoint: input.trained.checkpoint.rawValue,
            measured: outcome.measured, input: input.trained.configuration.inputSummary,
            kindNote: input.trained.kindNote,
            hasSplit: input.trained.traits.hasSplit, roundTripError: outcome.roundTripError)
        Terminal.output.text(arguments[Options.json] ? try jsonText(report) : report.text)
        let isOwn = !arguments.isGiven(Options.data) && split == splits.heldOut.name
        if arguments[Self.report], isOwn, arguments[Options.checkpoint] == .best {
            try input.trained.store(outcome.measured)
            try Report(input.trained, data: splits).write()
        }
        try fail(over: outcome.failures)
    }

    /// Runs `body`; where a measurement is refused, the error names the option that asked for it.
    private static func naming<Result>(
        _ arguments: Arguments, _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let error as MeasurementError {
            let option =
                switch error.measurement {
                case .surgery: surgery.declaration.label
                case .gaps: gaps.declaration.label
                case .annealing: annealedSteps.declaration.label
                case .priorFit: priorFit.declaration.label
                case .disentanglement: disentanglement.declaration.label
                case .realism: realism.declaration.label
                case .roundTrip: error.measurement.rawValue
                }
            let remedy =
                error.measurement == .realism && error.reason.contains("no prior")
                ? " ('vae refit \(arguments[Options.run])')" : ""
            throw Failure("\(option): \(error.reason)\(remedy)", exitCode: .dataError)
        }
    }

    /// Throws the failures of measurements in one line.
    private static func fail(over failures: [MeasurementFailure]) throws {
        let all = failures.map { failed -> Failure in
            let found = failure(describing: failed.error) ?? Failure("\(failed.error)")
            return Failure("\(failed.measurement.rawValue): \(found.message)", exitCode: found.exitCode)
        }
        guard let first = all.first else { return }
        throw Failure(all.map(\.message).joined(separator: "; "), exitCode: first.exitCode)
    }
}
