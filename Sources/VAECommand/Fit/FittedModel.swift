import CommandLineKit
import Formats
import Foundation
import VAE

/// A model in a file, given to a command that takes run folders too.
struct FittedModel {
    let file: ModelFile
    private let path: String
    private let arguments: Arguments

    private static let plural = "a model in a file"

    /// The model of the file that a command was given; `nil` where it is no file.
    ///
    /// - Parameters:
    ///   - arguments: What the command was given.
    ///   - foreign: Options of the command that make sense for run folders only.
    /// - Throws: `UsageError` where one of those was given, errors of the file.
    init?(_ arguments: Arguments, refusing foreign: [any CommandLineKit.Parameter]) throws {
        path = arguments[Options.run]
        guard ModelFile.isFile(path) else { return nil }
        if let option = foreign.first(where: { arguments.isGiven($0) }) {
            throw UsageError("'\(option.declaration.label)' is for run folders, not for \(Self.plural)")
        }
        self.arguments = arguments
        try arguments.prepareMachine()
        file = try ModelFile(readingFrom: URL(filePath: path))
    }

    private var source: FitSource { file.summary.source }

    /// `vae sample`: draws from the model.
    func sample(_ count: Int, to out: String?, columns: Int?, scale: Int) throws {
        var generator = Generator(seed: UInt64(arguments[Options.seed]))
        let output = try FittedOutput(out, name: "sample", of: path, source)
        let rows =
            switch file {
            case .kMeans(let model, _): model.sample(count, using: &generator)
            case .gaussianMixture(let model, _): model.sample(count, using: &generator)
            }
        try output.write(rows, columns: columns ?? squareSide(of: count), scale: scale)
    }

    /// `vae encode`: the component of each row, and how sure that is.
    func encode(count: Int?, to out: String?) throws {
        let url = out.map { URL(filePath: $0) } ?? FittedOutput.beside(path, "codes.npy")
        let format = try ExampleOutput.format(of: url, among: [.npy, .csv])
        let rows = try rows(count: count)
        switch file {
        case .kMeans(let model, _):
            let codes = model.codes(of: rows.values)
            if format == .npy {
                let array = RawArray(shape: codes.shape, values: codes.array(of: Int.self).map(Int64.init))
                try NPY.write(array, to: url)
                break
            }
            let distances = model.distances(of: rows.values).min(along: 1)
            let table = Tensor.stacked([codes.converted(to: .float64), distances], along: 1)
            try FittedOutput.write(table, names: ["code", "distance"], to: url, as: .csv)
        case .gaussianMixture(let model, _):
            let shares = model.responsibilities(of: rows.values)
            guard format == .csv else {
                try FittedOutput.write(shares, names: [], to: url, as: .npy)
                break
            }
            let codes = shares.argmax(along: 1).converted(to: .float64).expanded(at: 1)
            try FittedOutput.write(
                Tensor.concatenated([codes, shares], along: 1),
                names: ["code"] + (0..<model.components).map { "share_\($0)" }, to: url, as: .csv)
        }
        Terminal.output.line(url.relativePath)
    }

    /// `vae evaluate`: what the model is worth on rows.
    func evaluate(count: Int?) throws {
        let rows = try rows(count: count, drawsCodes: true)
        let kind: BoundKind
        let bound: Bound
        var rowCount = rows.values.size(along: 0)
        var inertia: Double?
        switch file {
        case .kMeans(let model, _):
            kind = source.isPictorial ? .density : .bound
            bound = model.bound(of: rows.values)
            inertia = model.distances(of: rows.values).min(along: 1).squared().sum().scalar()
        case .gaussianMixture(let model, _):
            kind = source.isPictorial ? .density : .exact
            // A row without any number has probability 1, and is none to report on.
            let isEmpty = rows.values.isNaN().converted(to: .float32).min(along: 1)
            let known = isEmpty.array(of: Float.self).enumerated().filter { $1 == 0 }.map(\.offset)
            rowCount = known.count
            guard rowCount > 0 else {
                throw Failure("\(rows.source.data): no row has a number", exitCode: .dataError)
            }
            bound = model.bound(of: rows.values.gathering(Tensor(known), along: 0))
        }
        let isBound = if case .kMeans = file { true } else { false }
        let report = FittedReport(
            file: path, data: rows.source.data, split: rows.split, rows: rowCount, kind: kind,
            isBound: isBound, bound: bound, inertia: inertia)
        Terminal.output.text(arguments[Options.json] ? try jsonText(report) : report.text)
    }

    /// The rows that the data options choose, brought to the model as those it was fitted to.
    ///
    /// - Parameters:
    ///   - count: How many of them; all if `nil`.
    ///   - drawsCodes: Whether a mixture is given draws of q(z | x), as it was fitted to, rather than its centers.
    /// - Returns: The rows.
    /// - Throws: Errors of the data, `Failure` where they do not suit the model.
    private func rows(count: Int?, drawsCodes: Bool = false) throws -> FitRows {
        let isMixture = if case .gaussianMixture = file { true } else { false }
        let trained = try source.run.map { try RunInput.open($0, checkpoint: .best) }
        var wanted = source
        wanted.data = arguments[Options.data] ?? source.data
        let all = try arguments.withDataLibrary(isQuiet: arguments[Options.quiet]) {
            try FitRows(
                wanted, split: arguments[Options.split], encodedBy: trained,
                drawsCodes: drawsCodes && isMixture, in: $0, allowsConstants: true)
        }
        let width = file.summary.source.shape.reduce(1, *)
        guard all.values.size(along: 1) == width else {
            let error = FitError.wrongWidth(found: all.values.size(along: 1), expected: width)
            throw Failure("\(wanted.data): \(error)", exitCode: .dataError)
        }
        if case .kMeans = file { try all.requireComplete() }
        return count.map(all.prefix) ?? all
    }
}

/// Measurements of a model in a file, for a person or a script.
struct FittedReport: Encodable {
    let file: String
    let data: String
    let split: String
    let rows: Int
    let kind: BoundKind
    /// Whether the numbers are a bound, rather than log p(x) itself.
    let isBound: Bool
    /// log p(x) or a bound of it, and its parts, means over rows in nats.
    let elbo: Estimate, distortion: Estimate, rate: Estimate
    /// Their sum over rows.
    let logLikelihood: Double
    let inertia: Double?

    init(
        file: String, data: String, split: String, rows: Int, kind: BoundKind, isBound: Bool, bound: Bound,
        inertia: Double?
    ) {
        self.file = file
        self.data = data
        self.split = split
        self.rows = rows
        self.kind = kind
        self.isBound = isBound
        self.inertia = inertia
        elbo = Estimate(of: bound.elbo.array())
        distortion = Estimate(of: bound.distortion.array())
        rate = Estimate(of: bound.rate.array())
        logLikelihood = bound.elbo.sum().scalar()
    }

    var text: String {
        var table = Table([("", .left), ("nats", .right), ("±", .right), ("", .left)])
        func append(_ name: String, _ estimate: Estimate, _ note: String) {
            table.append([name, number(estimate.mean), error(estimate), note])
        }
        append(isBound ? "ELBO" : "log p(x)", elbo, isBound ? "bound of log p(x)" : "exact")
        append("distortion", distortion, "−E log p(x | z)")
        append("rate", rate, "KL(q(z | x) ‖ p(z))")
        let lines = [
            file.printable,
            (split == wholeDataName ? "" : "\(split) split of ")
                + "\(data.printable): \(rows) row\(rows == 1 ? "" : "s")",
            kind == .density
                ? BoundKind.densityNote(
                    remedy: "train the model 'vae' or a flow with '--dequantization uniform'") : nil,
            "",
            table.text + "\(isBound ? "ELBO" : "log-likelihood") of all rows: \(measure(logLikelihood)) nats",
            inertia.map { "inertia: \(measure($0))" },
        ]
        return lines.compactMap { $0 }.joined(separator: "\n") + "\n"
    }
}
