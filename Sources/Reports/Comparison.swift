import Bounds
import Datasets
import Diagnostics
import Evaluation
import Figures
import Foundation

/// Evaluations of several runs side by side.
public struct Comparison: Sendable {
    /// A run with a name to show.
    public struct Entry: Sendable {
        /// What to call it.
        public var name: String
        /// What the model is, in a phrase.
        public var model: String
        /// What has been measured of it.
        public var measured: RunEvaluation
        /// What the model sees of the data, in a phrase.
        public var input: String
        /// Whether its bound falls into distortion and rate.
        public var hasSplit: Bool

        /// A run.
        public init(
            name: String, model: String, input: String, measured: RunEvaluation, hasSplit: Bool
        ) {
            self.name = name
            self.model = model
            self.input = input
            self.hasSplit = hasSplit
            self.measured = measured
        }

        /// The best bound of log p(x) that has been measured.
        fileprivate var best: Estimate { measured.evaluation.logLikelihood ?? measured.evaluation.elbo }
    }

    /// The runs, in the order to show them.
    public let entries: [Entry]

    /// A comparison of at least one run.
    public init(_ entries: [Entry]) { self.entries = entries }

    /// A measurement by name, with a text for each run.
    public struct Row: Sendable, Equatable {
        /// What is measured.
        public let name: String
        /// A cell for each run; empty where it was not measured.
        public let cells: [String]
    }

    /// What has been measured of at least one run, means and standard errors in nats.
    public var rows: [Row] {
        func row(_ name: String, _ cell: (RunEvaluation) -> String?) -> Row {
            Row(name: name, cells: entries.map { cell($0.measured) ?? "" })
        }
        // Where only the sum is finite, distortion and rate are no numbers of their own.
        func part(_ name: String, _ estimate: (Evaluation) -> Estimate) -> Row {
            Row(
                name: name,
                cells: entries.map {
                    $0.hasSplit ? Self.text(estimate($0.measured.evaluation)) : ""
                })
        }
        func row(_ name: String, estimate: (RunEvaluation) -> Estimate?) -> Row {
            row(name) { estimate($0).map(Self.text) }
        }
        let all =
            [
                row("data") { $0.data },
                row("split") { "\($0.evaluation.split), \($0.evaluation.examples)" },
                Row(name: "sees", cells: entries.map(\.input)),
                row("kind") { $0.evaluation.kind.rawValue },
                row("ELBO", estimate: \.evaluation.elbo),
                part("distortion", \.distortion), part("rate", \.rate),
            ] + groupRows + [
                row("log p(x)", estimate: \.evaluation.logLikelihood),
                row("draws of z") {
                    $0.evaluation.logLikelihood == nil ? nil : "\($0.evaluation.importanceSamples)"
                },
                row("log p(x), annealed", estimate: { $0.annealed?.logLikelihood }),
                row("bits per dimension") {
                    $0.evaluation.bitsPerDimension.map { String(format: "%.4f", $0) }
                },
                row("active units") {
                    let units = $0.evaluation.unitVariances.count
                    return units == 0 ? nil : "\($0.evaluation.activeUnits) of \(units)"
                },
                row("amortization gap", estimate: { $0.gaps?.amortizationGap }),
                row("approximation gap", estimate: { $0.gaps?.approximationGap }),
                row("mutual information", estimate: { $0.surgery?.aggregate?.mutualInformation }),
                row("KL(q(z) ‖ p(z))", estimate: { $0.surgery?.aggregate?.priorDivergence }),
                row("a mixture prior's gain", estimate: { $0.priorFit?.gain }),
                row("precision of samples", estimate: { $0.realism?.samples.precision }),
                row("recall of samples", estimate: { $0.realism?.samples.recall }),
                row("kernel distance of samples") { $0.realism?.samples.kernelDistance.text(digits: 4) },
                row("sharpness of samples") { $0.realism?.samples.sharpness.text(digits: 4) },
                row("MIG") { $0.disentanglement.map { String(format: "%.3f", $0.mutualInformation.gap) } },
                row("DCI disentanglement") { $0.disentanglement?.disentanglement.text(digits: 3) },
                row("FactorVAE score") { $0.disentanglement?.factorVAEScore.text(digits: 3) },
            ]
        return all.filter { $0.cells.contains { !$0.isEmpty } }
    }

    /// The rate of each latent, where a run has several.
    private var groupRows: [Row] {
        var names: [String] = []
        for entry in entries where entry.measured.evaluation.rates.count > 1 {
            names += entry.measured.evaluation.rates.map(\.group).filter { !names.contains($0) }
        }
        return names.map { name in
            Row(
                name: "rate of \(name)",
                cells: entries.map { entry in
                    entry.measured.evaluation.rates.first { $0.group == name }.map { Self.text($0.rate) }
                        ?? ""
                })
        }
    }

    /// Why the numbers should not be set against one another; `nil` where they may.
    public var caution: String? {
        func differ(_ value: (RunEvaluation) -> String) -> Bool {
            Set(entries.map { value($0.measured) }).count > 1
        }
        if differ(\.data) || differ(\.evaluation.split) || differ({ "\($0.evaluation.examples)" }) {
            return "the runs were not measured on the same examples"
        }
        if differ(\.preprocessing.rawValue) { return "the models do not see the same of the data" }
        if differ({ $0.evaluation.kind == .loss ? "loss" : "likelihood" }) {
            return "some of the numbers are a loss, not a likelihood"
        }
        if differ({ $0.evaluation.kind == .density ? "density" : "other" }) {
            return "some of the numbers are of a density of 8-bit levels, not of a probability"
        }
        return nil
    }

    /// A bar for each run: what it costs to say an example, by the best bound measured.
    public var chart: BarChart {
        BarChart(
            xAxis: Axis("run"), yAxis: Axis("−log p(x), at most", unit: "nats"),
            values: entries.map { -$0.best.mean }, names: entries.map(\.name))
    }

    /// Chart and table as a page.
    public var page: ReportPage {
        var page = ReportPage(
            title: "\(entries.count) runs side by side", subtitle: caution.map { "Beware: \($0)." },
            footer: ReportPage.footer)
        var section = ReportPage.Section("What they are worth")
        section.add(
            ReportPage.Figure(
                chart,
                caption: """
                    What it costs to say an example, by the best bound that has been measured of each run: the \
                    importance-weighted one, or else the ELBO. Lower is better.
                    """))
        section.add(
            ReportPage.Table(
                columns: [.text("")] + entries.map { .number($0.name) },
                rows: rows.map { [$0.name] + $0.cells }, caption: "Means over examples, in nats."))
        section.add(
            ReportPage.Table(
                columns: [.text("run"), .text("model")], rows: entries.map { [$0.name, $0.model] }))
        page.add(section)
        return page
    }

    private static func text(_ estimate: Estimate) -> String { estimate.text(digits: 2) }
}

extension Estimate {
    /// The mean and its standard error with so many decimals.
    package func text(digits: Int) -> String {
        String(format: "%.\(digits)f ± ", mean) + errorText(standardError, digits: digits)
    }
}

/// A standard error with so many decimals, or with as many as it takes to show that it is not zero.
package func errorText(_ value: Double, digits: Int) -> String {
    let text = String(format: "%.\(digits)f", value)
    guard value.isFinite, value != 0, Double(text) == 0 else { return text }
    let needed = -Int(log10(abs(value)).rounded(.down))
    return needed <= 6 ? String(format: "%.\(needed)f", value) : String(format: "%.0e", value)
}
