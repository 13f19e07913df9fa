import CommandLineKit
import Foundation
import VAE

/// Measurements of a run, for a person or a script.
struct EvaluationReport: Encodable {
    let run: String
    let checkpoint: String
    let measured: RunEvaluation
    /// What the model sees of the data.
    let input: String
    /// Why the numbers bound no probability, if they bound none.
    let kindNote: String?
    /// Whether distortion and rate are numbers of their own.
    let hasSplit: Bool
    /// How far a flow and its inverse miss the examples.
    let roundTripError: Double?

    private var evaluation: Evaluation { measured.evaluation }

    private enum CodingKeys: String, CodingKey {
        case run, checkpoint, activeUnits, informativeUnits, roundTripError, kindNote
    }

    func encode(to encoder: any Encoder) throws {
        try measured.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(run, forKey: .run)
        try container.encode(checkpoint, forKey: .checkpoint)
        try container.encodeIfPresent(kindNote, forKey: .kindNote)
        try container.encodeIfPresent(roundTripError, forKey: .roundTripError)
        try container.encode(evaluation.activeUnits, forKey: .activeUnits)
        try container.encode(evaluation.informativeUnits, forKey: .informativeUnits)
    }

    /// A heading and aligned tables.
    var text: String {
        [
            mainText, likelihoodText, measured.annealed?.text, measured.gaps?.text, measured.surgery?.text,
            measured.priorFit?.text(on: run.printable), measured.disentanglement?.text,
            measured.realism?.text,
        ].compactMap { $0 }.joined(separator: "\n")
    }

    /// A heading and the table of every evaluation.
    private var mainText: String {
        let isLoss = evaluation.kind == .loss
        let count = evaluation.examples
        var lines = [
            "\(run), checkpoint \(checkpoint)",
            (evaluation.split == wholeDataName ? "" : "\(evaluation.split) split of ")
                + "\(measured.data): \(count) example\(count == 1 ? "" : "s"), \(input)",
        ]
        if let kindNote { lines.append(kindNote) }
        var table = Table([("", .left), ("nats", .right), ("±", .right), ("", .left)])
        let draws = "\(evaluation.boundSamples) draw\(evaluation.boundSamples == 1 ? "" : "s") of z"
        func append(_ name: String, _ estimate: Estimate, _ note: String, sign: Double = 1) {
            table.append([name, number(sign * estimate.mean), error(estimate), note])
        }
        let name = evaluation.totalName(hasSplit: hasSplit)
        switch evaluation.kind {
        case .loss: append(name.lowercased(), evaluation.elbo, draws, sign: -1)
        case .exact: append(name, evaluation.elbo, "exact")
        case .bound: append(name, evaluation.elbo, "bound of log p(x), \(draws)")
        case .density:
            append(name, evaluation.elbo, hasSplit ? "bound of a log density, \(draws)" : "a log density")
        }
        if hasSplit {
            append("distortion", evaluation.distortion, "−E log p(x | z)")
            append("rate", evaluation.rate, "KL(q(z | x) ‖ p(z))")
            for group in evaluation.rates where evaluation.rates.count > 1 {
                append("  of \(group.group)", group.rate, "")
            }
        }
        if let likelihood = evaluation.logLikelihood {
            let draws = "\(evaluation.importanceSamples) draws of z"
            append(
                isLoss ? "loss" : "log p(x)", likelihood, "importance-weighted, \(draws)",
                sign: isLoss ? -1 : 1)
        }
        let units =
            evaluation.unitVariances.isEmpty
            ? nil
            : "active units: \(evaluation.activeUnits) of \(evaluation.unitVariances.count)"
                + (evaluation.informativeUnits < evaluation.activeUnits
                    ? ", \(evaluation.informativeUnits) with a rate of at least \(Evaluation.informativeRate) nats"
                    : "")
        let roundTrip = roundTripError.map {
            "round trip: f(f⁻¹(x)) misses x by \(String(format: "%.1e", $0)) at most"
        }
        let bits = evaluation.bitsPerDimension.map {
            "bits per dimension: " + String(format: "%.4f", $0)
                + (evaluation.logLikelihood == nil ? " (from the ELBO)" : " (from log p(x))")
        }
        let remarks = [units, bits, roundTrip].compactMap { $0 }
        return (lines.map(\.printable) + ["", table.text + remarks.joined(separator: "\n")])
            .joined(separator: "\n") + "\n"
    }

    /// How log p(x) rises with the number of draws.
    private var likelihoodText: String? {
        guard evaluation.likelihoodCurve.count > 1 else { return nil }
        let isLoss = evaluation.kind == .loss
        var table = Table([
            ("draws of z", .right), (isLoss ? "−loss" : "log p(x)", .right), ("±", .right), ("rise", .right),
            ("±", .right),
        ])
        for point in evaluation.likelihoodCurve {
            table.append(
                [
                    "\(point.samples)", number(point.logLikelihood.mean), error(point.logLikelihood),
                ]
                    + (point.rise.map { [number($0.mean), error($0)] } ?? ["", ""]))
        }
        return table.text
    }
}

/// A number of nats in a table.
func number(_ value: Double) -> String {
    value.isFinite ? String(format: abs(value) < 10 ? "%.3f" : "%.2f", value) : "–"
}

/// A standard error in a table, with as many decimals as it takes to show that it is not zero.
func error(_ estimate: Estimate) -> String { error(estimate.standardError) }

/// The same of a standard error by itself.
func error(_ value: Double) -> String {
    value.isFinite ? errorText(value, digits: abs(value) < 10 ? 3 : 2) : "–"
}

/// A value as JSON with a line end; what is not finite is spelled as text, which JSON has no numbers for.
///
/// What a terminal would obey instead of showing it is spelled as JSON has it, `\u202e`.
func jsonText(_ value: some Encodable) throws -> String {
    let text = try ResultJSON.text(value)
    guard !text.unicodeScalars.allSatisfy({ $0.isPrintable || $0 == "\n" }) else { return text }
    return text.unicodeScalars.map { scalar in
        scalar.isPrintable || scalar == "\n"
            ? String(scalar) : scalar.utf16.map { String(format: "\\u%04x", $0) }.joined()
    }.joined()
}
