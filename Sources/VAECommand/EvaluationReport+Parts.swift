import CommandLineKit
import Foundation
import VAE

extension Surgery {
    /// The parts of the bound as aligned tables.
    var text: String {
        var coding = Table([("as a code", .left), ("nats", .right), ("±", .right), ("bits", .right)])
        for row in codingRows {
            coding.append([
                row.name, number(row.estimate.mean), error(row.estimate), number(row.bits),
            ])
        }
        guard let aggregate else {
            return coding.text + "the rate is not cut further: \(obstacle?.description ?? "unknown")\n"
        }
        var rate = Table([("rate", .left), ("nats", .right), ("±", .right), ("", .left)])
        func append(_ name: String, _ estimate: Estimate, _ note: String) {
            rate.append([name, number(estimate.mean), error(estimate), note])
        }
        append(
            "mutual information", aggregate.mutualInformation,
            "I(x; z), at most log n = \(number(log(Double(examples))))")
        append("prior divergence", aggregate.priorDivergence, "KL(q(z) ‖ p(z))")
        if let residual = aggregate.residual {
            append("residual", residual, "their sum less the closed form of the rate")
        }
        for minibatch in aggregate.minibatches {
            append(
                "I by minibatches of \(minibatch.size)", minibatch.mutualInformation,
                "biased low by \(number(-minibatch.bias.mean)), at most log m = \(number(log(Double(minibatch.size))))"
            )
        }
        return coding.text + "\n" + rate.text
    }
}

extension Gaps {
    /// The way from the ELBO to log p(x) as an aligned table.
    var text: String {
        var table = Table([("gaps", .left), ("nats", .right), ("±", .right), ("", .left)])
        let notes = [
            "\(samples) draws of z", "what the encoder does not find",
            "\(steps) steps for each example", "what no q of its family can say",
            "importance-weighted, \(samples) draws of the refined posterior",
        ]
        for (row, note) in zip(rows, notes) {
            table.append([row.name, number(row.estimate.mean), error(row.estimate), note])
        }
        return table.text
    }
}

extension Disentanglement {
    /// The scores, and what each unit tells of each factor, as aligned tables.
    var text: String {
        var scores = Table([("disentanglement", .left), ("", .right), ("±", .right), ("", .left)])
        for row in rows {
            scores.append([
                row.name, number(row.value), row.standardError.map(error) ?? "", row.question,
            ])
        }
        var matrix = Table([("I / H", .right)] + factors.map { ($0.name, .right) })
        for (unit, shares) in zip(units, mutualInformation.shares) {
            matrix.append(["unit \(unit)"] + shares.map(number))
        }
        return scores.text
            + "over \(examples) combinations of the factors; \(units.count) of \(unitCount) units have "
            + "not collapsed\n\(samplingNote)\n\n" + matrix.text
    }
}

extension Realism {
    /// How like data each kind of images is, as an aligned table.
    var text: String {
        var table = Table([("images", .left)] + Self.columns.map { ($0, .right) })
        for row in rows { table.append([row.name] + row.cells) }
        return table.text
            + "\(examples) of each kind; data have sharpness \(dataSharpness.text(digits: 4)), the classifier knows "
            + "\(Int((classifierAccuracy.mean * 100).rounded())) % of them\n"
    }
}

extension AnnealedLikelihood {
    /// The estimate and how far it can be trusted.
    var text: String {
        "log p(x) by annealing: \(number(logLikelihood.mean)) ± \(error(logLikelihood)) nats, "
            + "\(chains) chains through \(steps) densities, of which \(number(effectiveChains)) count; "
            + "\(Int((acceptance * 100).rounded())) % of moves accepted\n"
    }
}

extension PriorFit {
    /// The gain of a run and what it is of.
    func text(on run: String) -> String {
        let gaussians = components == 1 ? "one Gaussian" : "a mixture of \(components) Gaussians"
        return
            "a prior fitted to the codes would gain \(number(gain.mean)) ± \(error(gain)) nats: "
            + "\(gaussians), from \(trainingExamples) training examples\n\(verdict(on: run))\n"
    }
}
