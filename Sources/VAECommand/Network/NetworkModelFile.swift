import CommandLineKit
import Formats
import Foundation
import VAE

/// A Bayesian network in a file, given to a command that takes run folders too.
struct NetworkModelFile {
    private let network: BayesianNetwork
    private let path: String
    private let arguments: Arguments

    /// Whether a path ends as those of networks do.
    static func isNetwork(_ path: String) -> Bool {
        [".bif", ".bif.gz"].contains(where: path.lowercased().hasSuffix)
    }

    /// The network of the file that a command was given; `nil` where its name does not end as a network's.
    ///
    /// - Parameters:
    ///   - arguments: What the command was given.
    ///   - foreign: Options of the command that make sense for run folders only.
    /// - Throws: `UsageError` where one of those was given, errors of the file.
    init?(_ arguments: Arguments, refusing foreign: [any CommandLineKit.Parameter]) throws {
        path = arguments[Options.run]
        guard Self.isNetwork(path) else { return nil }
        if let option = foreign.first(where: { arguments.isGiven($0) }) {
            throw UsageError("'--\(option.declaration.name)' is for run folders, not for a network")
        }
        self.arguments = arguments
        network = try BayesianNetwork(contentsOf: URL(filePath: path))
    }

    /// `vae sample`: rows of categories.
    func sample(_ count: Int, to out: String?) throws {
        let url = out.map { URL(filePath: $0) } ?? FittedOutput.beside(path, "sample.csv")
        let format = try ExampleOutput.format(of: url, among: [.npy, .csv])
        var generator = Generator(seed: UInt64(arguments[Options.seed]))
        let rows = network.samples(count, using: &generator)
        let nodes = network.nodes.indices
        if format == .npy {
            let values = (0..<count).flatMap { row in nodes.map { Int64(rows[row, $0] ?? -1) } }
            try NPY.write(RawArray(shape: [count, nodes.count], values: values), to: url)
        } else {
            let texts = (0..<count).map { row in
                network.nodes.enumerated().map { node in
                    rows[row, node.offset].map { node.element.categories[$0] } ?? ""
                }
            }
            try AtomicFile.write(CSV.encode(names: network.nodes.map(\.name), texts: texts), to: url)
        }
        Terminal.output.line(url.relativePath)
    }

    /// `vae encode`: the posterior of every node that some row does not tell.
    func encode(count: Int?, to out: String?) throws {
        let url = out.map { URL(filePath: $0) } ?? FittedOutput.beside(path, "codes.npy")
        let format = try ExampleOutput.format(of: url, among: [.npy, .csv])
        let (table, rows) = try rows(count: count)
        let missing = network.nodes.indices.filter { node in
            (0..<rows.rows).contains { rows[$0, node] == nil }
        }
        guard !missing.isEmpty else {
            throw Failure(
                "\(table.path): every row tells every node, so that there is no code; take a column out",
                exitCode: .dataError)
        }
        let shares = try table.naming { try network.posteriors(of: missing, in: rows) }
        let names = missing.map { network.nodes[$0] }.flatMap { node in
            node.categories.map { "\(node.name)=\($0)" }
        }
        if format == .npy {
            try NPY.write(
                RawArray(shape: [rows.rows, names.count], values: Array(shares.joined())), to: url)
        } else {
            try AtomicFile.write(CSV.encode(names: names, rows: shares), to: url)
        }
        Terminal.output.line(url.relativePath)
    }

    /// Measurements of a network, for a person or a script.
    private struct Report: Encodable {
        let file: String, data: String
        let rows: Int, impossibleRows: Int
        let kind = BoundKind.exact
        /// log p(row) and its parts, means over the rows that are possible, in nats.
        let elbo: Estimate, distortion: Estimate, rate: Estimate
        /// The sum of log p over these rows.
        let possibleLogLikelihood: Double
        /// The sum over all rows, −∞ where one is impossible.
        let logLikelihood: Double
    }

    /// `vae evaluate`: what the network is worth on rows.
    func evaluate(count: Int?) throws {
        let (table, rows) = try rows(count: count)
        let bound = try network.bound(of: rows)
        let elbos = bound.elbo.array(of: Double.self)
        let possible = elbos.indices.filter { elbos[$0] > -.infinity }
        func estimate(_ values: [Double]) -> Estimate { Estimate(of: possible.map { values[$0] }) }
        let sum = possible.reduce(0) { $0 + elbos[$1] }
        let report = Report(
            file: path, data: table.path, rows: rows.rows, impossibleRows: rows.rows - possible.count,
            elbo: estimate(elbos), distortion: estimate(bound.distortion.array(of: Double.self)),
            rate: estimate(bound.rate.array(of: Double.self)),
            possibleLogLikelihood: sum, logLikelihood: possible.count < rows.rows ? -.infinity : sum)
        Terminal.output.text(arguments[Options.json] ? try jsonText(report) : text(report))
    }

    private func text(_ report: Report) -> String {
        var table = Table([("", .left), ("nats", .right), ("±", .right), ("", .left)])
        func append(_ name: String, _ estimate: Estimate, _ note: String) {
            table.append([name, number(estimate.mean), error(estimate), note])
        }
        append("log p(x)", report.elbo, "exact")
        append("distortion", report.distortion, "−E log p(x | z)")
        append("rate", report.rate, "KL(q(z | x) ‖ p(z))")
        let sum = String(format: "%.4f nats", report.possibleLogLikelihood)
        let sums =
            report.impossibleRows == 0
            ? "log-likelihood of all rows: \(sum)\n"
            : "log-likelihood of the rows that are possible, which the means are of: \(sum)\n"
                + "log-likelihood of all rows: −∞ nats (\(report.impossibleRows) of probability zero)\n"
        let rows = "\(report.rows) row\(report.rows == 1 ? "" : "s")"
        return "\(report.file.printable)\n\(report.data.printable): \(rows)\n\n\(table.text)\(sums)"
    }

    /// The rows of `--data`, no more than `count`.
    private func rows(count: Int?) throws -> (NetworkTable, NetworkData) {
        guard let path = arguments[Options.data] else {
            throw UsageError("a network's file does not name its data; give '--data' a table (CSV)")
        }
        let table = try NetworkTable(path)
        let rows = try table.data(of: network, isQuiet: arguments[Options.quiet]).rows
        return (table, count.map(rows.prefix) ?? rows)
    }
}
