import Bounds
import Evaluation
import Figures
import Formats
import Foundation
import Runs

// The sections of a report that show what 'vae evaluate' has measured.
extension ReportSections {
    package func likelihoodSection() -> ReportPage.Section? {
        let curve = evaluation.likelihoodCurve
        guard curve.count > 1 else { return nil }
        let isLoss = evaluation.kind == .loss
        let chart = LineChart(
            xAxis: Axis("draws of z", scale: .logarithmic),
            yAxis: Axis(isLoss ? "−loss" : "log p(x), at least", unit: "nats"),
            series: [
                LineChart.Series(
                    "importance-weighted", x: curve.map { Double($0.samples) },
                    y: curve.map(\.logLikelihood.mean),
                    // From the first point on, as how much examples differ is common to all.
                    standardErrors: curve.map { $0.rise?.standardError ?? 0 })
            ])
        var section = ReportPage.Section("How likely the data are")
        section.add(
            ReportPage.Figure(
                chart, name: "likelihood-curve",
                caption: """
                    The importance-weighted bound of log p(x) with more and more draws of z for each example, \
                    \(evaluation.examples) examples of \(phrase(ofSplit: evaluation.split)). With one draw it is the ELBO, with \
                    many it comes to log p(x); where it still climbs at the end, more draws would find more. The band is \
                    one standard error of each rise over the point before.
                    """))
        section.add(
            ReportPage.Table(
                columns: [
                    .number("draws"), .number(isLoss ? "−loss, nats" : "log p(x), nats"), .number("±"),
                    .number("rise"), .number("±"),
                ],
                rows: curve.map { point in
                    ["\(point.samples)"] + cells(point.logLikelihood)
                        + (point.rise.map { cells($0) } ?? ["", ""])
                }))
        if let annealed = measured.annealed {
            section.add(
                paragraph: """
                    Annealed importance sampling, which knows nothing of the encoder, finds \
                    \(text(annealed.logLikelihood.mean, digits: 2)) ± \
                    \(errorText(annealed.logLikelihood.standardError, digits: 2)) nats on \(annealed.examples) examples \
                    (\(annealed.chains) chains through \(annealed.steps) densities, of which \
                    \(text(annealed.effectiveChains)) count).
                    """)
        }
        return section
    }

    package func gapsSection() -> ReportPage.Section? {
        guard let gaps = measured.gaps else { return nil }
        var section = ReportPage.Section("What the bound loses")
        section.add(
            ReportPage.Figure(
                gaps.chart, name: "gaps",
                caption: """
                    From the ELBO up to log p(x), each with two standard errors of the gap. The lower step is what the \
                    encoder does not find (the amortization gap), the upper one what no posterior of its family can say \
                    (the approximation gap).
                    """))
        section.add(
            ReportPage.Table(
                columns: [.text("of log p(x)"), .number("nats"), .number("±")],
                rows: gaps.rows.map { [$0.name] + cells($0.estimate) },
                caption: """
                    The gap between ELBO and log p(x), \(gaps.examples) examples of \(phrase(ofSplit: gaps.split)). \
                    Refinement, \(gaps.steps) steps for each example by itself, closes the part that the encoder leaves; \
                    what remains no posterior of its family can close.
                    """))
        return section
    }

    package func surgerySection() -> ReportPage.Section? {
        guard let surgery = measured.surgery else { return nil }
        var section = ReportPage.Section("What the latent is worth")
        section.add(
            paragraph: """
                The bound as a code, of \(surgery.examples) examples of \(phrase(ofSplit: surgery.split)). To say x one says \
                z, then x, and gets back the bits that chose among the z of q(z | x).
                """)
        section.add(
            ReportPage.Figure(
                surgery.codingChart, name: "surgery-code",
                caption: """
                    What is said and what comes back: each bar goes on from the one before, and where the last one ends is \
                    −ELBO.
                    """))
        section.add(
            ReportPage.Table(
                columns: [.text("part"), .number("nats"), .number("±"), .number("bits")],
                rows: surgery.codingRows.map { [$0.name] + cells($0.estimate) + [text($0.bits, digits: 2)] }))
        guard let aggregate = surgery.aggregate else {
            section.add(
                paragraph: "The rate is not cut further: \(surgery.obstacle?.description ?? "unknown").")
            return section
        }
        section.add(
            paragraph: """
                The rate has two parts. What z tells about x is worth its price; how far the codes of all examples \
                together, q(z), are from the prior is not: a better prior would save it \
                ('vae refit \(run.url.relativePath)').
                """)
        let bound = Foundation.log(Double(surgery.examples))
        section.add(
            ReportPage.Figure(
                aggregate.chart(examples: surgery.examples), name: "surgery-rate",
                caption: """
                    The parts of the rate with two standard errors: what z tells about x, which \(surgery.examples) \
                    examples cannot show beyond the dotted line, and how far q(z) is from the prior.
                    """))
        section.add(
            ReportPage.Table(
                columns: [.text("part of the rate"), .number("nats"), .number("±")],
                rows: [
                    ["mutual information I(x; z), at most log n = \(text(bound, digits: 2))"]
                        + cells(aggregate.mutualInformation),
                    ["KL(q(z) ‖ p(z))"] + cells(aggregate.priorDivergence),
                ]))
        if !aggregate.minibatches.isEmpty {
            section.add(
                ReportPage.Table(
                    columns: [
                        .number("minibatch m"), .number("I by minibatches"), .number("log m"),
                        .number("bias"), .number("±"),
                    ],
                    rows: aggregate.minibatches.map {
                        [
                            "\($0.size)", text($0.mutualInformation.mean, digits: 2),
                            text(Foundation.log(Double($0.size)), digits: 2),
                        ] + cells($0.bias)
                    },
                    caption: """
                        The mutual information as training by minibatches would see it, with q(z) the mixture of m \
                        posteriors: biased low, as it cannot exceed log m.
                        """))
        }
        return section
    }

    func cells(_ estimate: Estimate) -> [String] {
        [text(estimate.mean, digits: 2), errorText(estimate.standardError, digits: 2)]
    }
}

extension Surgery {
    /// A part of the code with a name for tables.
    package struct CodingRow {
        package let name: String
        package let estimate: Estimate
        package var bits: Double { estimate.mean / Foundation.log(2) }
    }

    /// What is said and what comes back.
    package var codingRows: [CodingRow] {
        func negative(_ estimate: Estimate) -> Estimate {
            Estimate(mean: -estimate.mean, standardError: estimate.standardError)
        }
        return [
            CodingRow(name: "say z: −log p(z)", estimate: priorCrossEntropy),
            CodingRow(name: "say x: −log p(x | z)", estimate: negative(reconstruction)),
            CodingRow(name: "get back: log q(z | x)", estimate: negative(encoderEntropy)),
        ]
    }

    /// The parts of the code as bars that go on from one another, up to −ELBO.
    var codingChart: BarChart {
        let parts = codingRows.map(\.estimate.mean)
        let ends = parts.indices.map { parts[...$0].reduce(0, +) }
        return BarChart(
            xAxis: Axis("part of the code"), yAxis: Axis("−log probability", unit: "nats"),
            values: ends + [ends[ends.count - 1]],
            names: ["say z", "say x", "get back", "−ELBO"], bases: [0] + ends.dropLast() + [0])
    }
}

extension Surgery.Aggregate {
    /// The two parts of the rate, with the most that so many examples can show of the first.
    func chart(examples: Int) -> BarChart {
        let parts = [mutualInformation, priorDivergence]
        return BarChart(
            xAxis: Axis("part of the rate"), yAxis: Axis("rate", unit: "nats"), values: parts.map(\.mean),
            errors: parts.map(\.standardError), names: ["I(x; z)", "KL(q(z) ‖ p(z))"],
            limit: ReferenceLine(at: Foundation.log(Double(examples)), label: "log n, the most that I can be")
        )
    }
}

extension Gaps {
    /// The steps from the ELBO to the refined one and on to log p(x).
    var chart: BarChart {
        let gaps = [amortizationGap, approximationGap]
        return BarChart(
            xAxis: Axis("gap"), yAxis: Axis("log p(x) and its bounds", unit: "nats"),
            values: [refinedELBO.mean, logLikelihood.mean], errors: gaps.map(\.standardError),
            names: ["amortization: ELBO to refined ELBO", "approximation: refined ELBO to log p(x)"],
            bases: [elbo.mean, refinedELBO.mean])
    }

    /// A bound or the gap between two, with a name for tables.
    package struct Row {
        package let name: String
        package let estimate: Estimate
    }

    /// From the ELBO up to log p(x).
    package var rows: [Row] {
        [
            Row(name: "ELBO", estimate: elbo),
            Row(name: "amortization gap", estimate: amortizationGap),
            Row(name: "refined ELBO", estimate: refinedELBO),
            Row(name: "approximation gap", estimate: approximationGap),
            Row(name: "log p(x), at least", estimate: logLikelihood),
        ]
    }
}
