import CommandLineKit
import Foundation
import VAE

/// Options that the commands of `vae fit` share.
enum FitOptions {
    static let data = Positional(
        required: "data", .path,
        help: "A named set or a path: a table (CSV or NPY), images, or what --codes encodes.")
    static let components = Option(
        required: "components", short: "k", .integer(in: 1...1_000_000), help: "How many.")
    static let columns = Option(
        "columns", .list(of: .string), placeholder: "name,…",
        help: "Columns of a table. Without it, all that hold numbers.")
    static let codes = Option(
        "codes", .path, placeholder: "run",
        help: "A run folder that 'vae train' has left, whose encoder makes the data into codes first.")
    static let split = Option(
        "split", .choice(of: ["training", "validation", "test"]),
        help: "Which part of the data. Without it, training.")
    static let out = Option(
        "out", short: "o", .path, help: "File to write, JSON. Without it, <data>-<model>.json.")
    static let pictures = Option.flag("pictures", default: true, help: "Draws pictures beside the file.")
    static let plot = Option(
        "plot", .list(of: .string), placeholder: "x,y",
        help: "The two columns that a picture of the rows shows. Without it, the first two.")

    static let dataGroup = OptionGroup("Data", [columns, codes, Options.dataDirectory, split])
    static let outputGroup = OptionGroup("Output", [out, pictures, plot, Options.json, Options.quiet])
}

/// What a command of `vae fit` was given, opened.
struct FitInput {
    let rows: FitRows
    let url: URL
    private let arguments: Arguments

    /// Opens the data, and says what is odd about them.
    ///
    /// - Parameters:
    ///   - arguments: What the command was given.
    ///   - model: What the file is called after the data, where it is given no name.
    ///   - drawsCodes: Whether codes are draws of q(z | x) rather than its centers.
    ///   - others: What the command is to write beside it.
    /// - Throws: Errors of the data, `UsageError` and `Failure` where outputs cannot be written where they are to go.
    init(_ arguments: Arguments, model: String, drawsCodes: Bool = false, others: [URL] = []) throws {
        self.arguments = arguments
        try arguments.prepareMachine()
        let data = arguments[FitOptions.data]
        let run = arguments[FitOptions.codes]
        guard run == nil || arguments[FitOptions.columns] == nil else {
            throw UsageError("'--columns' is for a table, not for codes of one")
        }
        if let columns = arguments[FitOptions.columns] {
            let repeated = columns.first { name in columns.count { $0 == name } > 1 }
            guard repeated == nil, !columns.isEmpty else {
                throw UsageError("'--columns' wants names, each of them once")
            }
        }
        let trained = try run.map { try RunInput.open($0, checkpoint: .best) }
        let source = FitSource(data: data, columns: arguments[FitOptions.columns], shape: [], run: run)
        rows = try arguments.withDataLibrary(isQuiet: arguments[Options.quiet]) {
            try FitRows(
                source, split: arguments[FitOptions.split], encodedBy: trained, drawsCodes: drawsCodes, in: $0
            )
        }
        url = URL(
            filePath: arguments[FitOptions.out] ?? FittedOutput.stem(of: rows.source.name) + "-\(model).json")
        try FittedOutput.requireFree([url] + others, apartFrom: data)
        if !arguments[Options.quiet] {
            Terminal.error.lines(rows.notes.map { "note: \($0)" })
        }
    }

    /// The places of the two columns to draw; `nil` where there are no two.
    func plotted() throws -> (Int, Int)? {
        let names = rows.source.names
        guard let chosen = arguments[FitOptions.plot] else { return names.count > 1 ? (0, 1) : nil }
        let places = try chosen.map { name in
            guard let place = names.firstIndex(of: name) else {
                throw UsageError(
                    "invalid value '\(name)' for '--plot'; the columns are \(names.prefix(20).joined(separator: ", "))"
                )
            }
            return place
        }
        guard places.count == 2 else { throw UsageError("'--plot' wants two columns, as in --plot a,b") }
        return (places[0], places[1])
    }

    /// A file beside the model's, `<model>-<name>`.
    func beside(_ name: String) -> URL {
        FittedOutput.beside(url.relativePath, name)
    }

    /// Ends the command: tells where everything is, and how to go on where a signal has cut it short.
    func finish(_ summary: some Encodable, _ text: String, files: [URL]) throws {
        if arguments[Options.json] {
            Terminal.output.text(try jsonText(summary))
        } else {
            Terminal.output.text(text + "\n")
            Terminal.output.lines(files.map(\.relativePath))
        }
        if let signal = Interruption.signal {
            Terminal.error.line("stopped; the best so far is in \(url.relativePath)")
            throw ExitCode.signal(signal)
        }
    }
}

/// Steps on standard error: which start, which step, how good.
final class FitDisplay {
    private let bar: ProgressBar
    private let restarts: Int

    init(_ title: String, restarts: Int, isQuiet: Bool) {
        self.restarts = restarts
        bar = ProgressBar(title, total: nil, unit: "step", style: .automatic(isQuiet: isQuiet))
    }

    /// Shows a step.
    func show(start: Int, _ text: @autoclosure () -> String) {
        bar.advance(postfix: "start \(start + 1)/\(restarts), \(text())")
    }

    /// Ends the line.
    func finish() { bar.finish(postfix: "") }
}
