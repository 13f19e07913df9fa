import CommandLineKit
import Formats
import Foundation
import VAE

/// `vae score`: what a model makes of single examples.
enum ScoreCommand {
    private static let data = Positional(
        "data", .path, help: "A named set or a path. Without it, the data that the run was trained on.")
    private static let out = Option(
        "out", short: "o", .path, help: "File to write: .csv. Without it, scores.csv in the run.")
    private static let samples = Option(
        "importance-samples", short: "k", .integer(in: 1...1_000_000), default: 100,
        help: "Draws of z for each example in log p(x).")
    private static let refinementSteps = Option(
        "refinement-steps", .integer(in: 0...100_000), default: 100,
        help: "Steps of each example's own posterior in the likelihood regret; 0 leaves it out.")
    private static let reference = Option(
        "reference", .integer(in: 1...), default: 1000,
        help: "How many training examples the typical log p(x) is the mean of.")
    private static let count = Option(
        "count", short: "n", .integer(in: 1...),
        help: "How many examples at most. Without it, the whole split.")
    private static let roc = Option.flag(
        "roc",
        help: "Scores the run's own held-out examples too, and tells how well each score parts the two.")

    static let command = Command(
        "score", summary: "Scores single examples: how likely, how strange.",
        discussion: """
            Writes a table with a row for each example, in the order of the data, and the columns

              log_likelihood       log p(x), importance-weighted, in nats
              likelihood_regret    what refining its own q(z | x) gains, in nats
              typicality           how far −log p(x) is from its mean over training examples
              reconstruction_error |x − x̂|², x̂ decoded from the example's code

            All but the first are the higher, the less an example belongs. The first alone misleads: simple pictures are \
            likely under a model of others. Where no likelihood stands behind the numbers (a Bernoulli on grey values, \
            an autoencoder), the first column is minus_loss.

            --roc compares with the run's own held-out examples, no more than -n says: the area under the ROC curve is 1 \
            where a score parts the two sets, 0.5 where it knows nothing.
            """,
        examples: [
            Example("vae score runs/digits", "The test digits, into runs/digits/scores.csv."),
            Example(
                "vae score runs/fashion mnist -n 1000 --roc -o digits.csv",
                "Digits in the eyes of a model of clothes."),
        ],
        positionals: [Options.run, data],
        options: [
            OptionGroup(
                "Scores",
                [samples, reference, count, roc, Options.seed, Options.checkpoint]),
            OptionGroup("Refinement", [refinementSteps] + RefinementOptions.all),
            OptionGroup("Data", [Options.dataDirectory, Options.split]),
            OptionGroup("Output", [out, Options.quiet]), Options.machineGroup,
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        let given = arguments[out].map { URL(filePath: $0) }
        _ = try given.map { try ExampleOutput.format(of: $0, among: [.csv]) }
        let input = try RunInput(arguments, isQuiet: arguments[Options.quiet])
        let own = try input.splits()
        let chosen = try arguments[data].map { try input.splits(of: $0) } ?? own
        let scored = try scores(of: input.split(of: chosen).source, input, arguments)
        let column = try ScoreColumns(
            scored, trainingMean: trainingMean(own.training, input, arguments),
            isLoss: input.trained.boundKind == .loss)
        let url = given ?? input.trained.run.url.appendingPathComponent("scores.csv")
        try AtomicFile.write(CSV.encode(names: column.names, rows: column.rows), to: url)
        if arguments[roc] {
            let others = try ScoreColumns(
                scores(of: own.heldOut.source, input, arguments), trainingMean: column.trainingMean,
                isLoss: column.isLoss)
            Terminal.output.text(areas(column, others))
        }
        Terminal.output.line(url.relativePath)
    }

    private static func scores(
        of source: any DataSource, _ input: RunInput, _ arguments: Arguments
    ) throws -> ExampleScores {
        let refinement = RefinementOptions.refinement(arguments, steps: arguments[refinementSteps])
        let bars = StageBars(isQuiet: arguments[Options.quiet])
        let outcome = try input.trained.score(
            source, count: arguments[count], samples: arguments[samples],
            refinement: refinement.steps > 0 ? refinement : nil, seed: arguments[Options.seed],
            progress: bars.show)
        bars.finish()
        if let obstacle = outcome.obstacle, !arguments[Options.quiet] {
            Terminal.error.line("note: without likelihood_regret: \(obstacle)")
        }
        return outcome.scores
    }

    /// E log p(x) over some training examples, chosen at random.
    private static func trainingMean(
        _ source: any DataSource, _ input: RunInput, _ arguments: Arguments
    ) throws -> Double {
        let bars = StageBars(isQuiet: arguments[Options.quiet])
        defer { bars.finish() }
        return try input.trained.typicalLogLikelihood(
            over: source, count: arguments[reference], samples: arguments[samples],
            seed: arguments[Options.seed], progress: bars.show)
    }

    /// How well each score tells the examples from the run's own, as an aligned table.
    private static func areas(_ scored: ScoreColumns, _ own: ScoreColumns) -> String {
        var table = Table([("score", .left), ("area under ROC", .right)])
        for (column, other) in zip(scored.columns, own.columns) {
            // The likelihood is the only one that falls as examples grow strange.
            let sign: Double = column.name == scored.columns[0].name ? -1 : 1
            let area = areaUnderROC(
                high: column.values.map { sign * $0 }, low: other.values.map { sign * $0 })
            table.append([column.name, String(format: "%.4f", area)])
        }
        return table.text
    }
}

/// The columns of a table of scores.
private struct ScoreColumns {
    let columns: [(name: String, values: [Double])]
    let trainingMean: Double
    let isLoss: Bool

    init(_ scores: ExampleScores, trainingMean: Double, isLoss: Bool) {
        self.trainingMean = trainingMean
        self.isLoss = isLoss
        let all = [
            (isLoss ? "minus_loss" : "log_likelihood", scores.logLikelihoods),
            ("likelihood_regret", scores.regrets),
            ("typicality", scores.typicality(trainingMean: trainingMean)),
            ("reconstruction_error", scores.reconstructionErrors),
        ]
        columns = all.filter { !$0.1.isEmpty }
    }

    var names: [String] { columns.map(\.name) }

    var rows: [[Double]] {
        columns[0].values.indices.map { row in columns.map { $0.values[row] } }
    }
}
