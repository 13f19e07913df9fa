import CommandLineKit
import Formats
import Foundation
import VAE

/// `vae compare`: runs side by side.
enum CompareCommand {
    private static let runs = Positional(
        repeated: "run", .path, help: "Run folders, as 'vae train' leaves them.")
    private static let out = Option(
        "out", short: "o", .path, help: "Page to write as well, with a chart: .html.")

    static let command = Command(
        "compare", summary: "Shows the evaluations of several runs side by side.",
        discussion: """
            Shows what 'vae evaluate' has measured of each run, or else what training did at its end on a few examples. \
            For numbers that may be set against one another, evaluate all runs alike first.
            """,
        examples: [
            Example("vae compare runs/digits runs/digits-mixture", "What another prior gains."),
            Example("vae compare runs/* -o comparison.html", "All runs, with a chart."),
        ],
        positionals: [runs], options: [OptionGroup("Output", [out, Options.json])], run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        let url = arguments[out].map { URL(filePath: $0) }
        if let url, url.pathExtension.lowercased() != "html" {
            throw UsageError(
                "invalid value '\(url.relativePath)' for '--out'; expected a name that ends in .html")
        }
        Engine.flushDenormals()
        let trained = try arguments[runs].map { try RunInput.open($0, checkpoint: .best) }
        let comparison = Comparison(
            try zip(arguments[runs], trained).map { path, model in
                guard let measured = try model.storedEvaluation else {
                    throw Failure(
                        "\(path): nothing has been measured of its weights; run 'vae evaluate \(path)'",
                        exitCode: .noInput)
                }
                return Comparison.Entry(
                    name: URL(filePath: path).lastPathComponent,
                    model: model.configuration.model.summary, input: model.configuration.inputSummary,
                    measured: measured, hasSplit: model.traits.hasSplit)
            })
        if arguments[Options.json] {
            let reports = zip(zip(arguments[runs], trained), comparison.entries).map { run, entry in
                EvaluationReport(
                    run: run.0, checkpoint: run.1.checkpoint.rawValue, measured: entry.measured,
                    input: run.1.configuration.inputSummary, kindNote: run.1.kindNote,
                    hasSplit: run.1.traits.hasSplit, roundTripError: nil)
            }
            Terminal.output.text(try jsonText(reports))
        } else {
            Terminal.output.text(text(comparison))
        }
        guard let url else { return }
        try AtomicFile.write(comparison.page.html(), to: url)
        if !arguments[Options.json] { Terminal.output.line(url.relativePath) }
    }

    private static func text(_ comparison: Comparison) -> String {
        var table = Table([("", .left)] + comparison.entries.map { ($0.name, .right) })
        for row in comparison.rows { table.append([row.name] + row.cells) }
        return table.text + (comparison.caution.map { "note: \($0)\n" } ?? "")
    }
}
