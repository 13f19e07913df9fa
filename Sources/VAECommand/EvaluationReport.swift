import CommandLineKit
import Foundation
import VAE

/// Measurements with everything that they depend on.
struct EvaluationReport: Encodable {
    let run: String
    let checkpoint: String
    let data: String
    let preprocessing: Preprocessing
    let seed: Int
    let evaluation: Evaluation
    /// Why the numbers are no likelihood, if they are none.
    let lossNote: String?
    /// Whether distortion and rate are numbers of their own.
    let hasSplit: Bool
    /// How far a flow and its inverse miss the examples.
    let roundTripError: Double?

    private enum CodingKeys: String, CodingKey {
        case run, checkpoint, data, preprocessing, seed, activeUnits, roundTripError
    }

    func encode(to encoder: any Encoder) throws {
        try evaluation.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(run, forKey: .run)
        try container.encode(checkpoint, forKey: .checkpoint)
        try container.encode(data, forKey: .data)
        try container.encode(preprocessing, forKey: .preprocessing)
        try container.encode(seed, forKey: .seed)
        try container.encodeIfPresent(roundTripError, forKey: .roundTripError)
        try container.encode(evaluation.activeUnits, forKey: .activeUnits)
    }

    /// A heading and an aligned table.
    var text: String {
        let isLoss = evaluation.kind == .loss
        let count = evaluation.examples
        var lines = [
            "\(run), checkpoint \(checkpoint)",
            "\(evaluation.split) split of \(data): \(count) example\(count == 1 ? "" : "s"), \(preprocessing.summary)",
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
        return
            (lines + ["", table.text + [units, bits, roundTrip].compactMap { $0 }.joined(separator: "\n")])
            .joined(
                separator: "\n") + "\n"
    }

    private func number(_ value: Double) -> String {
        value.isFinite ? String(format: abs(value) < 10 ? "%.3f" : "%.2f", value) : "–"
    }
}

extension RunConfiguration {
    /// What to say where the run's numbers are no likelihood.
    var lossNote: String? {
        model.lossReason(of: data.preprocessing).map { $0 + ": the numbers are a loss, not a likelihood" }
    }
}

/// A value as JSON with a line end; what is not finite is spelled as text, which JSON has no numbers for.
func jsonText(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
}
