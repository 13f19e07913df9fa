import CommandLineKit
import Foundation
import VAE

/// `vae fit kmeans`: centres.
enum FitKMeansCommand {
    private static let start = Option(
        "start", .choice(KMeansStart.self), default: .plusPlus, help: "Where the centres begin.")
    private static let restarts = Option(
        "restarts", .integer(in: 1...100_000), default: 10, help: "How many starts; the best end is kept.")
    private static let iterations = Option(
        "iterations", .integer(in: 1...10_000_000), default: 300, help: "Steps of a start at most.")
    private static let tolerance = Option(
        "tolerance", .double(in: 0...1), default: 0,
        help:
            "A start ends when a step lowers the inertia by this part at most; 0 waits until all rows have settled."
    )
    private static let minibatch = Option(
        "minibatch", .integer(in: 1...100_000_000), placeholder: "rows",
        help: "Rows that a step looks at, drawn at random. Without it, all of them.")

    static let command = Command(
        "kmeans", summary: "Fits centres: each row is encoded as the nearest.",
        discussion: """
            Lloyd's algorithm from k-means++ starts. As a model, k-means is a VAE without doubt: q(z | x) is the nearest \
            centre, p(z) uniform, p(x | z) a Gaussian of fixed variance; the rate is log K. As a quantiser it has the \
            centres as codebook.

            Every field of a table must hold a number; columns of text are left out. Images are taken as grey values in [0, 1].
            """,
        examples: [
            Example("vae fit kmeans iris.csv --components 3", "Three centres, in iris-kmeans.json."),
            Example(
                "vae fit kmeans mnist -k 100 --minibatch 2000 -o digits.json",
                "A hundred centres of the digits, drawn as pictures in digits-centres.png."),
        ],
        positionals: [FitOptions.data],
        options: [
            OptionGroup(
                "Centres",
                [FitOptions.components, start, restarts, iterations, tolerance, minibatch, Options.seed]),
            FitOptions.dataGroup, FitOptions.outputGroup, Options.machineGroup,
        ],
        run: run)

    /// What is told of a fit.
    private struct Summary: Encodable {
        let model = "k-means"
        let file: String
        let data: String
        let rows: Int, size: Int, components: Int
        let inertia: Double, variance: Double
        let isVarianceFloored: Bool
        let start: Int, steps: Int
        let isConverged: Bool
        let reseeded: Int
        let log: [Double]
    }

    @Sendable private static func run(_ arguments: Arguments) throws {
        // A signal that comes while data are read ends the fit after its first step.
        Interruption.watch()
        let input = try FitInput(arguments, model: "kmeans")
        let rows = input.rows
        let plotted = try input.plotted()
        try rows.requireComplete()
        var settings = KMeansFit.Settings(components: arguments[FitOptions.components])
        settings.start = arguments[start]
        settings.restarts = arguments[restarts]
        settings.iterations = arguments[iterations]
        settings.tolerance = arguments[tolerance]
        settings.minibatch = arguments[minibatch]
        var generator = Generator(seed: UInt64(arguments[Options.seed]))
        let display = FitDisplay("k-means", restarts: settings.restarts, isQuiet: arguments[Options.quiet])
        let fit = try naming(rows.source) {
            try KMeansFit(
                rows.values, settings, using: &generator, shouldStop: { Interruption.signal != nil },
                didStep: { start, _, inertia in display.show(start: start, "inertia \(measure(inertia))") })
        }
        display.finish()
        let count = rows.values.size(along: 0)
        let file = ModelFile.kMeans(
            fit.model, .init(source: rows.source, rows: count, measures: ["inertia": fit.inertia]))
        try file.write(to: input.url)
        var files = [input.url]
        if arguments[FitOptions.pictures] {
            files += try FitPictures(input, plotted: plotted).draw(fit)
        }
        let summary = Summary(
            file: input.url.relativePath, data: rows.source.data, rows: count, size: fit.model.size,
            components: fit.model.components, inertia: fit.inertia, variance: fit.model.variance,
            isVarianceFloored: fit.isVarianceFloored, start: fit.start, steps: fit.log.count - 1,
            isConverged: fit.isConverged, reseeded: fit.reseeded,
            log: fit.log)
        try input.finish(summary, text(fit, rows: count), files: files)
    }

    private static func text(_ fit: KMeansFit, rows: Int) -> String {
        var table = Table([("k-means", .left), ("", .right), ("", .left)])
        table.append(["rows", "\(rows)", "of \(fit.model.size) numbers"])
        table.append([
            "centres", "\(fit.model.components)", fit.reseeded > 0 ? "\(fit.reseeded) begun anew" : "",
        ])
        table.append(["inertia", measure(fit.inertia), "Σ |x − c|²"])
        table.append([
            "variance", measure(fit.model.variance),
            fit.isVarianceFloored
                ? "σ² of p(x | z), a floor: rows differ from their centres by rounding at most"
                : "σ² of p(x | z), the likeliest",
        ])
        table.append([
            "steps", "\(fit.log.count - 1)",
            "of start \(fit.start + 1)" + (fit.isConverged ? "" : ", not settled"),
        ])
        return table.text
    }
}

/// A number for a person to read, six digits of it.
func measure(_ value: Double) -> String { String(format: "%.6g", value) }

/// Runs `body`; where rows cannot be fitted, the error names the data and the column.
func naming<Result>(_ source: FitSource, _ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as FitError {
        // A setting out of range is no fault of the data.
        if case .invalid = error { throw error }
        throw Failure("\(source.data): \(error.description(columns: source.names))", exitCode: .dataError)
    }
}
