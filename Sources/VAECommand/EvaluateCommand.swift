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
    /// How many training examples the mixture is fitted to.
    private static let priorFitLimit = 10_000
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

            --prior-fit fits mixtures of Gaussians to codes of training examples, up to \(priorFitLimit) of them, chooses \
            the number of Gaussians by codes set aside, and tells by how much that prior would raise the ELBO here.

            --disentanglement asks of sprites, whose factors are known (shape, scale, rotation, x, y), which unit tells \
            which: mutual information and its gap (MIG), SAP, DCI with boosted trees for its regressor, and the β-VAE and \
            FactorVAE scores, over all combinations of the factors, or -n of them, to which chance adds.

            --realism compares images decoded from the prior, and reconstructions, with data: precision and recall (balls \
            of 3 neighbours), the kernel distance, and the variance of the Laplacian, which falls as images blur. \
            Features are those of a small classifier that learns the classes of the data first, once for each set: the \
            numbers compare models of that set.

            A Bernoulli likelihood of grey values is no likelihood: such numbers are called a loss.

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
        let (split, source) = try input.split(of: splits)
        let kind = input.trained.configuration.model.boundKind(of: input.preprocessing)
        var settings = Evaluator.Settings()
        settings.boundSamples = arguments[boundSamples]
        settings.importanceSamples = arguments[importanceSamples] ?? (kind == .bound ? 100 : 0)
        let total = min(source.count, arguments[count] ?? source.count)
        let passes = try EvaluationPasses(
            input, SubsetSource(source, at: Array(0..<total)), split: split, seed: arguments[Options.seed],
            isQuiet: arguments[Options.quiet])
        // What a model or its data refuse comes first, before anybody has waited.
        let surgery = try surgery(arguments, passes)
        let gaps = try gaps(arguments, passes, samples: settings.importanceSamples)
        let annealed = try annealed(arguments, passes)
        let priorFit = try priorFit(arguments, passes, input, splits)
        let disentanglement = try disentanglement(arguments, input, splits)
        let realism = try realism(arguments, input, splits)
        var measured = RunEvaluation(
            checksum: input.trained.checksum, data: source.name, preprocessing: input.preprocessing,
            seed: arguments[Options.seed], evaluation: try passes.evaluation(settings))
        var attempts = Attempts()
        measured.surgery = attempts.make("surgery", surgery)
        measured.gaps = attempts.make("gaps", gaps)
        measured.annealed = attempts.make("annealing", annealed)
        measured.priorFit = attempts.make("prior fit", priorFit)
        measured.disentanglement = attempts.make("disentanglement", disentanglement)
        measured.realism = attempts.make("realism", realism)
        let roundTripError = attempts.make("round trip", passes.roundTripError) ?? nil
        let report = EvaluationReport(
            run: arguments[Options.run], checkpoint: arguments[Options.checkpoint].rawValue,
            measured: measured, lossNote: input.trained.configuration.lossNote,
            hasSplit: input.trained.configuration.model.hasSplit,
            roundTripError: roundTripError)
        print(arguments[Options.json] ? try jsonText(report) : report.text, terminator: "")
        let isOwn = !arguments.isGiven(Options.data) && split == splits.heldOut.name
        if arguments[Self.report], isOwn, arguments[Options.checkpoint] == .best {
            try input.trained.store(measured)
            try Report(input.trained, data: splits).write()
        }
        try attempts.finish()
    }

    private static func surgery(
        _ arguments: Arguments, _ passes: EvaluationPasses
    ) throws -> Measuring<Surgery>? {
        guard arguments[surgery] else { return nil }
        try passes.checkSurgery()
        return { try passes.surgery(samples: arguments[boundSamples]) }
    }

    private static func gaps(
        _ arguments: Arguments, _ passes: EvaluationPasses, samples: Int
    ) throws -> Measuring<Gaps>? {
        guard arguments[gaps] else { return nil }
        try passes.checkGaps()
        let refinement = RefinementOptions.refinement(arguments, steps: arguments[refinementSteps])
        return { try passes.gaps(refinement, samples: samples > 0 ? samples : 100) }
    }

    private static func annealed(
        _ arguments: Arguments, _ passes: EvaluationPasses
    ) throws -> Measuring<AnnealedLikelihood>? {
        guard let steps = arguments[annealedSteps] else { return nil }
        try passes.checkAnnealed()
        var sampling = AnnealedImportanceSampling()
        sampling.steps = steps
        sampling.chains = arguments[chains]
        return { [sampling] in try passes.annealed(sampling) }
    }

    /// The codes that a mixture learns are of the run's own training examples, whatever is measured.
    private static func priorFit(
        _ arguments: Arguments, _ passes: EvaluationPasses, _ input: RunInput, _ chosen: DataSplits
    ) throws -> Measuring<PriorFit>? {
        guard arguments[priorFit] else { return nil }
        let training = try (arguments.isGiven(Options.data) ? input.splits() : chosen).training
        var order = Generator(seed: UInt64(arguments[Options.seed])).child(9)
        let places = Array((0..<training.count).shuffled(using: &order).prefix(priorFitLimit))
        let learnt = try EvaluationPasses(
            input, SubsetSource(training, at: places), split: "training", seed: arguments[Options.seed],
            isQuiet: arguments[Options.quiet])
        try passes.checkPriorFit(to: learnt)
        return { try passes.priorFit(to: learnt, samples: arguments[boundSamples]) }
    }
}
