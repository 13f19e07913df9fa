import CommandLineKit
import Formats
import Foundation
import VAE

/// `vae fit mixture`: a mixture of Gaussians.
enum FitMixtureCommand {
    private static let covariance = Option(
        "covariance", .choice(CovarianceKind.self), default: .full,
        help:
            "A covariance for each component, one for all, variances along the axes, or one variance for each."
    )
    private static let start = Option(
        "start", .choice(MixtureStart.self), default: .kMeans, help: "Where the components begin.")
    private static let restarts = Option(
        "restarts", .integer(in: 1...100_000), default: 5, help: "How many starts; the likeliest end is kept."
    )
    private static let iterations = Option(
        "iterations", .integer(in: 1...10_000_000), default: 1000, help: "Steps of a start at most.")
    private static let tolerance = Option(
        "tolerance", .double(in: 0...1e6), default: 1e-6,
        help: "A start ends when a step gains this at most, in nats a row.")
    private static let floor = Option(
        "floor", .double(in: 0...0.999), default: 1e-6,
        help:
            "The least variance in any direction, as a share of that of the columns within clusters of k-means; 0 allows any, and begins a component that has none left anew."
    )
    private static let impute = Option(
        "impute", .path, placeholder: "file",
        help:
            "Writes the table with its missing numbers filled in: .csv, all else as it stands, or .npy, the numbers."
    )

    static let command = Command(
        "mixture", summary: "Fits a mixture of Gaussians, also where numbers are missing.",
        discussion: """
            Expectation maximisation, in which the posterior is exact, and so the bound: every step raises the likelihood. \
            The responsibilities are the encoder, the components the decoder, the weights the prior.

            An empty field of a table is missing, wherever it is: a row counts by the marginal of what was observed of \
            it. Columns of text are left out. Codes of a run (--codes) are a draw of q(z | x) for each example, so that the             mixture is one of all codes together.
            """,
        examples: [
            Example(
                "vae fit mixture geyser.csv --components 2",
                "Two Gaussians, drawn in geyser-mixture-components.svg."),
            Example(
                "vae fit mixture penguins.csv -k 3 --impute filled.csv",
                "The same with empty fields, filled in."),
            Example(
                "vae fit mixture mnist --codes runs/digits -k 20 --covariance diagonal",
                "Over the codes of a VAE."),
        ],
        positionals: [FitOptions.data],
        options: [
            OptionGroup(
                "Mixture",
                [
                    FitOptions.components, covariance, floor, start, restarts, iterations, tolerance,
                    Options.seed,
                ]),
            FitOptions.dataGroup,
            OptionGroup(
                "Output",
                [FitOptions.out, impute, FitOptions.pictures, FitOptions.plot, Options.json, Options.quiet]),
            Options.machineGroup,
        ],
        run: run)

    /// What is told of a fit.
    private struct Summary: Encodable {
        let model = "gaussian-mixture"
        let file: String
        let data: String
        let rows: Int, size: Int, components: Int
        let covariance: CovarianceKind
        let logLikelihood: Double, bic: Double, aic: Double
        let parameters: Int
        let start: Int, steps: Int
        let isConverged: Bool
        let collapses: [MixtureFit.Collapse]
        let floored: [Int]
        let logs: [[Double]]
    }

    @Sendable private static func run(_ arguments: Arguments) throws {
        let filled = try arguments[impute].map { path in
            let url = URL(filePath: path)
            return (
                url: url, format: try ExampleOutput.format(of: url, among: [.csv, .npy], option: "--impute")
            )
        }
        // A signal that comes while data are read ends the fit after its first step.
        Interruption.watch()
        let input = try FitInput(
            arguments, model: "mixture", drawsCodes: true, others: filled.map { [$0.url] } ?? [])
        let rows = input.rows
        let table = try filled.map { try FilledTable(rows, to: $0.url, as: $0.format) }
        let plotted = try input.plotted()
        var settings = MixtureFit.Settings(components: arguments[FitOptions.components])
        settings.covariance = arguments[covariance]
        settings.start = arguments[start]
        settings.restarts = arguments[restarts]
        settings.iterations = arguments[iterations]
        settings.tolerance = arguments[tolerance]
        settings.floor = arguments[floor]
        settings.sharesUnit = rows.source.sharesUnit
        var generator = Generator(seed: UInt64(arguments[Options.seed]))
        let display = FitDisplay("mixture", restarts: settings.restarts, isQuiet: arguments[Options.quiet])
        let fit = try naming(rows.source) {
            try MixtureFit(
                rows.values, settings, using: &generator, shouldStop: { Interruption.signal != nil },
                didStep: { start, _, mean in
                    display.show(start: start, "log p(x) \(measure(mean)) nats a row")
                })
        }
        display.finish()
        let file = ModelFile.gaussianMixture(
            fit.model,
            .init(
                source: rows.source, rows: fit.rows,
                measures: ["logLikelihood": fit.logLikelihood, "bic": fit.bic, "aic": fit.aic]))
        try file.write(to: input.url)
        var files = [input.url]
        if let table {
            try table.write(filledBy: fit.model)
            files.append(table.url)
        }
        if arguments[FitOptions.pictures] {
            files += try FitPictures(input, plotted: plotted).draw(fit)
        }
        let summary = Summary(
            file: input.url.relativePath, data: rows.source.data, rows: fit.rows, size: fit.model.size,
            components: fit.model.components, covariance: fit.model.covariance,
            logLikelihood: fit.logLikelihood, bic: fit.bic, aic: fit.aic,
            parameters: fit.model.parameterCount, start: fit.start, steps: fit.steps,
            isConverged: fit.isConverged, collapses: fit.collapses, floored: fit.floored, logs: fit.logs)
        try input.finish(summary, text(fit, settings, of: rows.values), files: files)
    }

    private static func text(
        _ fit: MixtureFit, _ settings: MixtureFit.Settings, of values: Tensor
    ) -> String {
        // Rows without any number do not count.
        let left = (values.size(along: 0) - fit.rows) * fit.model.size
        let holes = Int(values.isNaN().converted(to: .int64).sum().scalar()) - left
        var table = Table([("mixture", .left), ("", .right), ("", .left)])
        table.append(
            [
                "rows", "\(fit.rows)",
                "of \(fit.model.size) numbers" + (holes > 0 ? ", \(holes) of them missing" : ""),
            ])
        table.append(["components", "\(fit.model.components)", "\(fit.model.covariance.rawValue) covariance"])
        table.append(["log-likelihood", measure(fit.logLikelihood), "nats, exact"])
        table.append(["BIC", measure(fit.bic), "\(fit.model.parameterCount) free numbers"])
        table.append(["AIC", measure(fit.aic), ""])
        table.append([
            "steps", "\(fit.steps)", "of start \(fit.start + 1)" + (fit.isConverged ? "" : ", not settled"),
        ])
        let notes = fit.collapses.map {
            "note: start \($0.start + 1), step \($0.step): component \($0.component) \($0.reason), and was begun anew\n"
        }
        return notes.prefix(10).joined() + floorNote(fit, settings) + table.text
    }

    /// A line where the floor, and not the data, says how narrow a component is.
    private static func floorNote(_ fit: MixtureFit, _ settings: MixtureFit.Settings) -> String {
        guard !fit.floored.isEmpty else { return "" }
        let places = fit.floored.prefix(10).map { "\($0)" }.joined(separator: ", ")
        let more = fit.floored.count > 10 ? " and \(fit.floored.count - 10) more" : ""
        let what =
            if settings.covariance == .tied {
                "the covariance of all components rests"
            } else {
                fit.floored.count == 1 ? "component \(places) rests" : "components \(places)\(more) rest"
            }
        return
            "note: \(what) on the floor (--floor \(measure(settings.floor))): in some direction rows hardly vary, "
            + "and the likelihood depends on the floor; ask for fewer components, raise the floor, or leave out "
            + "columns that follow from others\n"
    }
}
