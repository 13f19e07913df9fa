import Evaluation
import Figures
import Formats
import Foundation
import Runs

extension ReportSections {
    package func gradientsSection() -> ReportPage.Section? {
        guard let gradients else { return nil }
        var section = ReportPage.Section("How noisy the gradients are")
        section.add(
            paragraph: """
                The encoder's gradient of \(gradients.boundText), estimated \(gradients.repeats) times in each way on the \
                same \(gradients.examples) examples of \(phrase(ofSplit: gradients.split)), against the mean of \
                \(gradients.referenceRepeats) reparameterised estimates, whose norm is \(gradients.normText).
                """)
        section.add(
            ReportPage.Figure(
                gradients.varianceChart, name: "gradients",
                caption: """
                    The variance of an estimate, all weights together, on a logarithmic scale: one that is ten times lower \
                    is worth ten times as many examples in a step.
                    """))
        section.add(
            ReportPage.Figure(
                gradients.biasChart, name: "gradients-bias",
                caption: """
                    How far the mean of each lies off the gradient, in \(gradients.biasUnit), with two standard errors. \
                    What is within a few of them (z below four) is chance.
                    """))
        section.add(
            ReportPage.Table(
                columns: [
                    .text("estimator"), .number("variance"), .number("±"), .number("signal to noise"),
                    .number("bias"), .number("±"), .number("z"),
                ],
                rows: gradients.rows.map { [$0.name] + $0.cells }, caption: gradients.othersText))
        return section
    }
}

extension GradientReport {
    /// The bound in words.
    package var boundText: String {
        samples == 1
            ? "the ELBO from one draw of z"
            : bound == .elbo
                ? "the ELBO from \(samples) draws of z"
                : "the importance-weighted bound of \(samples) draws of z"
    }

    /// What was found of decoder and prior in a sentence; `nil` where there was nothing to find.
    package var othersText: String? {
        others.map {
            "Decoder and prior have one gradient under all of them: variance \(short($0.variance.mean)), "
                + ($0.signalToNoise.map { "signal to noise \(short($0))." }
                    ?? "its norm is \(Self.unseen(remedy: "more repeats")).")
        }
    }

    /// The norm of the encoder's gradient, or what to do where it was not seen.
    package var normText: String { norm.map(short) ?? Self.unseen(remedy: "more reference repeats") }

    private static func unseen(remedy: String) -> String { "not seen above the noise; take \(remedy)" }

    /// The norm, where there is one to measure by.
    private var seenNorm: Double? { norm.flatMap { $0 > 0 ? $0 : nil } }

    /// What the chart of biases counts in.
    fileprivate var biasUnit: String {
        seenNorm == nil ? "units of its own, as its norm is \(normText)" : "norms of the gradient"
    }

    /// A bar for the variance of each estimator.
    package var varianceChart: BarChart {
        BarChart(
            xAxis: Axis("estimator"), yAxis: Axis("variance", scale: .logarithmic),
            values: rows.map(\.variance.mean), names: rows.map(\.label))
    }

    /// A bar for the bias of each; where the gradient was not seen, the chart says so and has the bias as it is.
    package var biasChart: BarChart {
        let unit = seenNorm ?? 1
        return BarChart(
            title: norm == nil ? "the gradient's norm: \(normText)" : nil, xAxis: Axis("estimator"),
            yAxis: Axis("bias", unit: seenNorm == nil ? nil : "norms of the gradient"),
            values: rows.map { $0.bias.mean / unit },
            errors: rows.map { $0.bias.standardError / unit }, names: rows.map(\.label))
    }
}

extension GradientReport.Row {
    /// Variance, signal to noise, bias and z, as tables show them.
    package var cells: [String] {
        [short(variance.mean), short(variance.standardError), signalToNoise.map(short) ?? "not seen"]
            + [bias.mean, bias.standardError, zScore].map(short)
    }

    /// A name that is short enough for the foot of a bar.
    fileprivate var label: String { baseline ?? (estimator == "reparameterized" ? "reparam." : estimator) }
}

/// A number of any size with three digits; a dash for what is none.
package func short(_ value: Double) -> String {
    value.isFinite ? String(format: "%.3g", value) : "–"
}
