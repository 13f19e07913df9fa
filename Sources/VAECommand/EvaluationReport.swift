import CommandLineKit
import Foundation
import VAE

/// Measurements of a run, for a person or a script.
struct EvaluationReport: Encodable {
    let run: String
    let checkpoint: String
    let measured: RunEvaluation
    /// Why the numbers are no likelihood, if they are none.
    let lossNote: String?
    /// Whether distortion and rate are numbers of their own.
    let hasSplit: Bool
    /// How far a flow and its inverse miss the examples.
    let roundTripError: Double?

    private var evaluation: Evaluation { measured.evaluation }

    private enum CodingKeys: String, CodingKey {
        case run, checkpoint, activeUnits, roundTripError
    }

    func encode(to encoder: any Encoder) throws {
        try measured.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(run, forKey: .run)
        try container.encode(checkpoint, forKey: .checkpoint)
        try container.encodeIfPresent(roundTripError, forKey: .roundTripError)
        try container.encode(evaluation.activeUnits, forKey: .activeUnits)
    }

    /// A heading and aligned tables.
    var text: String {
        [
            mainText, likelihoodText, measured.annealed?.text, measured.gaps?.text, measured.surgery?.text,
            measured.priorFit?.text(on: run), measured.disentanglement?.text, measured.realism?.text,
        ].compactMap { $0 }.joined(separator: "\n")
    }

    /// A heading and the table of every evaluation.
    private var mainText: String {
        let isLoss = evaluation.kind == .loss
        let count = evaluation.examples
        var lines = [
            "\(run), checkpoint \(checkpoint)",
            "\(evaluation.split) split of \(measured.data): \(count) example\(count == 1 ? "" : "s"), "
                + measured.preprocessing.summary,
        ]
        if let lossNote { lines.append(lossNote) }
        var table = Table([("", .left), ("nats", .right), ("±", .right), ("", .left)])
        let draws = "\(evaluation.boundSamples) draw\(evaluation.boundSamples == 1 ? "" : "s") of z"
        func append(_ name: String, _ estimate: Estimate, _ note: String, sign: Double = 1) {
            table.append([name, number(sign * estimate.mean), number(estimate.standardError), note])
        }
        if isLoss {
            append("loss", evaluation.elbo, draws, sign: -1)
        } else {
            append(
                evaluation.kind == .exact ? "log p(x)" : "ELBO", evaluation.elbo,
                evaluation.kind == .exact ? "exact" : "bound of log p(x), \(draws)")
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
            ? nil : "active units: \(evaluation.activeUnits) of \(evaluation.unitVariances.count)"
        let roundTrip = roundTripError.map {
            "round trip: f(f⁻¹(x)) misses x by \(String(format: "%.1e", $0)) at most"
        }
        let bits = evaluation.bitsPerDimension.map {
            "bits per dimension: " + String(format: "%.4f", $0)
                + (evaluation.logLikelihood == nil ? " (from the ELBO)" : " (from log p(x))")
        }
        let remarks = [units, bits, roundTrip].compactMap { $0 }
        return (lines + ["", table.text + remarks.joined(separator: "\n")]).joined(separator: "\n") + "\n"
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
                    "\(point.samples)", number(point.logLikelihood.mean),
                    number(point.logLikelihood.standardError),
                ]
                    + (point.rise.map { [number($0.mean), number($0.standardError)] } ?? ["", ""]))
        }
        return table.text
    }
}

/// A number of nats in a table.
func number(_ value: Double) -> String {
    value.isFinite ? String(format: abs(value) < 10 ? "%.3f" : "%.2f", value) : "–"
}

extension TrainedModel {
    /// The note where its numbers are no likelihood.
    var lossNote: String? { lossReason.map(noteOfLoss) }
}

/// The note where numbers are no likelihood, for a reason.
func noteOfLoss(_ reason: String) -> String { reason + ": the numbers are a loss, not a likelihood" }

/// A value as JSON with a line end; what is not finite is spelled as text, which JSON has no numbers for.
func jsonText(_ value: some Encodable) throws -> String { try ResultJSON.text(value) }
