import CommandLineKit
import Formats
import Foundation
import VAE

/// `vae fit network`: the tables of a Bayesian network.
enum FitNetworkCommand {
    private enum Start: String, CaseIterable {
        case random, tables
    }

    private static let data = Positional(
        required: "data", .path, help: "A table (CSV) with a header: a column for each node that is seen.")
    private static let structure = Option(
        required: "structure", .string, placeholder: "arrows",
        help: "The arrows, as 'A -> B, A -> C; B -> D', or a .bif file that has them.")
    private static let hidden = Option(
        "hidden", .list(of: .string), placeholder: "node:n,…",
        help: "Nodes that no row tells, each with its number of categories (a .bif file knows it).")
    private static let smoothing = Option(
        "smoothing", .double(in: 0...1e9), default: 0,
        help: "Added to every count: a Dirichlet prior of this concentration and one more.")
    private static let restarts = Option(
        "restarts", .integer(in: 1...100_000), default: 10,
        help: "How many random starts; the best end is kept. Complete data need one.")
    private static let iterations = Option(
        "iterations", .integer(in: 0...10_000_000), default: 1000, help: "Steps of a start at most.")
    private static let tolerance = Option(
        "tolerance", .double(in: 0...1), default: 1e-9,
        help: "A start ends when a step gains less than this for each row, in nats.")
    private static let start = Option(
        "start", .choice(Start.self), default: .random,
        help: "Where to begin: with random tables, or once with those of the .bif file.")
    private static let out = Option(
        "out", short: "o", .path, help: "File to write, BIF. Without it, <data>-network.bif.")
    private static let pictures = Option.flag(
        "pictures", default: true, help: "Draws the network with its tables, and the way there.")

    static let command = Command(
        "network", summary: "Fits the tables of a Bayesian network, with entries missing anywhere.",
        discussion: """
            Maximum likelihood by expectation maximisation with the exact posterior of what is missing: an empty field is \
            missing, and so is a node without a column. Complete tables are counted. log p(data) never falls on the way; \
            with --smoothing a, log p(data) + a Σ log θ.

            The categories are those of the .bif file, or those that a column has; columns of whole numbers will do. What \
            the categories of a hidden node mean is for the data to say: they are called 0, 1, …, and their order is \
            chance. The file marks such a node with the property "hidden = true", and a column of its name is passed \
            over then, here and by 'vae evaluate', 'vae encode' and 'vae query'. Take that line out to have the column \
            read.
            """,
        examples: [
            Example(
                "vae fit network garden.csv --structure 'Cloud -> Sprinkler, Cloud -> Rain; Sprinkler -> Wet, "
                    + "Rain -> Wet' --hidden Cloud:2",
                "Clouds that nobody noted, into garden-network.bif."),
            Example(
                "vae fit network patients.csv --structure alarm.bif --smoothing 1 -o learnt.bif",
                "The tables of a known network, rare cases included."),
        ],
        positionals: [data],
        options: [
            OptionGroup(
                "Network",
                [structure, hidden, smoothing, restarts, iterations, tolerance, start, Options.seed]),
            OptionGroup("Output", [out, pictures, Options.json, Options.quiet]),
        ],
        run: run)

    /// What is told of a fit.
    private struct Summary: Encodable {
        let model = "network"
        let file: String, data: String
        let rows: Int, nodes: Int, hidden: [String]
        /// How many rows of each node's table the data say nothing of.
        let unseenRows: [String: Int]
        let logLikelihood: Double
        let start: Int, steps: Int
        let isConverged: Bool
        let log: [Double]
    }

    @Sendable private static func run(_ arguments: Arguments) throws {
        let url = URL(filePath: arguments[out] ?? FittedOutput.stem(of: arguments[data]) + "-network.bif")
        try FittedOutput.requireFree([url], apartFrom: arguments[data])
        let input = try NetworkTable(arguments[data])
        let network = try network(arguments, for: input)
        // Before anything takes long.
        try network.bif.requireWritable()
        let isQuiet = arguments[Options.quiet]
        let (rows, unseen) = try input.data(of: network, isQuiet: isQuiet)
        for node in unseen.sorted() where !isQuiet && !network.nodes[node].isHidden {
            Terminal.error.line(
                "note: no row tells node '\(network.nodes[node].name)'; it is learnt as a hidden one")
        }
        var fit = NetworkFit()
        fit.smoothing = arguments[smoothing]
        fit.restarts = arguments[restarts]
        fit.iterations = arguments[iterations]
        fit.tolerance = arguments[tolerance]
        let starts = arguments[start] == .tables ? 1 : fit.restarts
        let bar = ProgressBar("network", total: nil, unit: "step", style: .automatic(isQuiet: isQuiet))
        func show(_ start: Int, _ step: Int, _ value: Double) {
            bar.advance(postfix: "start \(start + 1)/\(starts), log p \(number(value))")
        }
        Interruption.watch()
        var generator = Generator(seed: UInt64(arguments[Options.seed]))
        let result = try input.naming {
            arguments[start] == .tables
                ? try fit.refine(
                    network, on: rows, shouldStop: { Interruption.signal != nil }, didStep: show)
                : try fit.fit(
                    network, to: rows, using: &generator, shouldStop: { Interruption.signal != nil },
                    didStep: show)
        }
        bar.finish(postfix: "")
        if !isQuiet { noteUnseen(result, of: input.path, keepsTables: arguments[start] == .tables) }
        // From random tables, the categories of a node without a column come to mean anything; from the file's tables
        // they keep what they mean.
        let learnt = arguments[start] == .random ? result.network.hiding(unseen) : result.network
        try learnt.write(to: url)
        var files = [url]
        if arguments[pictures] {
            files += [
                FittedOutput.beside(url.relativePath, "tables.svg"),
                FittedOutput.beside(url.relativePath, "convergence.svg"),
            ]
            try AtomicFile.write(learnt.diagram(hidden: unseen).svg(), to: files[1])
            try AtomicFile.write(result.convergenceChart().svg(), to: files[2])
        }
        let best = result.runs[result.best]
        let summary = Summary(
            file: url.relativePath, data: input.path, rows: rows.rows, nodes: network.nodes.count,
            hidden: unseen.sorted().map { network.nodes[$0].name },
            unseenRows: Dictionary(grouping: result.unseen) { network.nodes[$0.node].name }
                .mapValues(\.count), logLikelihood: best.logLikelihood,
            start: result.best, steps: best.objectives.count - 1, isConverged: best.hasConverged,
            log: best.objectives)
        if arguments[Options.json] {
            Terminal.output.text(try jsonText(summary))
        } else {
            Terminal.output.text(text(summary, starts: result.runs.count) + "\n")
            Terminal.output.lines(files.map(\.relativePath))
        }
        if let signal = Interruption.signal {
            Terminal.error.line("stopped; the best so far is in \(url.relativePath)")
            throw ExitCode.signal(signal)
        }
    }

    /// The network before it is fitted, with the nodes hidden that are to be.
    private static func network(
        _ arguments: Arguments, for input: NetworkTable
    ) throws -> BayesianNetwork {
        let wanted = try hiddenNodes(arguments[hidden] ?? [])
        let text = arguments[structure]
        guard NetworkModelFile.isNetwork(text) else {
            guard arguments[start] == .random else {
                throw UsageError("'--start tables' wants a .bif file for '--structure'")
            }
            let counts = try wanted.mapValues { count in
                guard let count else {
                    throw UsageError("'--hidden' wants the number of categories too, as in --hidden Cloud:2")
                }
                return count
            }
            return try input.naming {
                let structure = try NetworkStructure(parsing: text)
                let network = try structure.network(for: input.table, hidden: counts)
                if !arguments[Options.quiet] {
                    for column in structure.scatteredColumns(of: input.table, hidden: counts.keys) {
                        Terminal.error.write(
                            "note: \(input.path): column '\(column.name)' has \(column.values) different values in "
                                + "\(column.rows) rows, too many to learn their probabilities; divide it into "
                                + "classes, or leave it out\n")
                    }
                }
                return network
            }
        }
        let network = try BayesianNetwork(contentsOf: URL(filePath: text))
        let places = try wanted.map { name, count in
            let place = try network.place(of: name)
            guard count == nil || count == network.sizes[place] else {
                throw UsageError(
                    "'--hidden \(name):\(count ?? 0)': \(text) gives the node \(network.sizes[place]) categories"
                )
            }
            return place
        }
        return network.hiding(places)
    }

    /// Says which rows of tables the data say nothing of.
    private static func noteUnseen(_ result: NetworkFit.Result, of path: String, keepsTables: Bool) {
        let network = result.network
        let nodes = Dictionary(grouping: result.unseen, by: \.node).sorted { $0.key < $1.key }
        for (node, rows) in nodes.prefix(10) {
            let more = rows.count > 1 ? " (nor \(rows.count - 1) more combinations)" : ""
            Terminal.error.write(
                "note: no row of \(path) has \(network.text(ofRow: rows[0].row, of: node))\(more): there "
                    + "'\(network.nodes[node].name)' has "
                    + (keepsTables
                        ? "the probabilities of the .bif file\n"
                        : "equal probabilities, the mean of the prior\n"))
        }
        if nodes.count > 10 {
            Terminal.error.write("note: the same holds for \(nodes.count - 10) more nodes\n")
        }
    }

    /// Names with the numbers of categories, where they are given.
    private static func hiddenNodes(_ texts: [String]) throws -> [String: Int?] {
        var found: [String: Int?] = [:]
        for text in texts {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            let name = parts.dropLast().joined(separator: ":")
            let count = parts.count > 1 ? parts.last.flatMap { Int($0) } : nil
            guard parts.count == 1 || (1...256).contains(count ?? 0), !text.isEmpty else {
                throw UsageError(
                    "invalid value '\(text)' for '--hidden'; expected a node and 1 to 256 categories, as in Cloud:2"
                )
            }
            found[parts.count == 1 ? text : name] = .some(count)
        }
        return found
    }

    private static func text(_ summary: Summary, starts: Int) -> String {
        var table = Table([("network", .left), ("", .right), ("", .left)])
        table.append(["rows", "\(summary.rows)", ""])
        table.append([
            "nodes", "\(summary.nodes)",
            summary.hidden.isEmpty ? "" : "hidden: \(summary.hidden.joined(separator: ", "))",
        ])
        table.append(["log p(data)", String(format: "%.4f", summary.logLikelihood), "nats"])
        table.append([
            "for a row", String(format: "%.6f", summary.logLikelihood / Double(summary.rows)), "nats",
        ])
        table.append([
            "steps", "\(summary.steps)",
            "of start \(summary.start + 1) of \(starts)"
                + (summary.isConverged ? "" : ", not converged; give more --iterations"),
        ])
        return table.text
    }
}
