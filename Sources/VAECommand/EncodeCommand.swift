import CommandLineKit
import Foundation
import VAE

/// `vae encode`: the codes of examples.
enum EncodeCommand {
    private static let count = Option(
        "count", short: "n", .integer(in: 1...),
        help: "How many examples at most. Without it, the whole split.")
    private static let out = Option(
        "out", short: "o", .path, help: "File to write: .npy or .csv. Without it, codes.npy in the run.")

    static let command = Command(
        "encode", summary: "Writes the codes of examples: means and log-variances.",
        discussion: """
            Encodes a split and writes q(z | x) = N(mean, exp(log-variance)) of each example, in the order of the data.

            NPY: an array of 2 × examples × latents, the means first: in Python 'means, logvars = numpy.load(…)'.
            CSV: a row for each example, with columns mean_0, mean_1…, log_variance_0….

            A posterior that is a flow has no mean and no variances in closed form. Its code is where the flow takes the \
            mean that it begins with; the array is then examples × latents, and the columns are code_0, code_1….

            Of the file of a model that 'vae fit' has left, the component of each row. NPY: of k-means an array of codes, \
            of a mixture the responsibilities, rows × components. CSV: columns code and distance, or code and share_0….
            """,
        examples: [
            Example("vae encode runs/digits", "The test digits, into runs/digits/codes.npy."),
            Example(
                "vae encode runs/digits --split training -o digits.csv", "The training digits, as a table."),
        ],
        positionals: [Options.model],
        options: [
            OptionGroup("Examples", [count, Options.checkpoint]), Options.dataGroup,
            OptionGroup("Output", [out, Options.quiet]), Options.machineGroup,
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        if let network = try NetworkModelFile(arguments, refusing: [Options.checkpoint, Options.split]) {
            return try network.encode(count: arguments[count], to: arguments[out])
        }
        if let fitted = try FittedModel(arguments, refusing: [Options.checkpoint]) {
            return try fitted.encode(count: arguments[count], to: arguments[out])
        }
        let given = arguments[out].map { URL(filePath: $0) }
        let format = try given.map { try ExampleOutput.format(of: $0, among: [.npy, .csv]) } ?? .npy
        let input = try RunInput(arguments, isQuiet: arguments[Options.quiet])
        let source = try input.split().source
        let total = min(source.count, arguments[count] ?? source.count)
        let bar = ProgressBar(
            "encode", total: total, unit: "example", style: .automatic(isQuiet: arguments[Options.quiet]))
        var logVariances: [Tensor] = []
        let codes = try inChunks(total) { range in
            let part = input.trained.encode(try input.examples(of: source, at: Array(range)))
            if let some = part.logVariances { logVariances.append(some) }
            bar.advance(by: range.count)
            return part.centers
        }
        bar.finish()
        let url = given ?? input.trained.run.url.appendingPathComponent("codes.npy")
        try CodesFile.write(
            codes: codes,
            logVariances: logVariances.isEmpty ? nil : Tensor.concatenated(logVariances, along: 0),
            to: url, as: format)
        Terminal.output.line(url.relativePath)
    }
}
