import Evaluation
import Figures
import Foundation
import Runs
import Tensors

// Whether the codes of all examples together lie where the prior expects them.
extension ReportSections {
    /// How many units the quantile plot shows.
    private static let shownUnits = 6

    /// Draws of the aggregated posterior beside draws of the prior.
    ///
    /// - Parameters:
    ///   - posterior: A draw of z for each of some examples, `[count, units]`.
    ///   - prior: As many draws of the prior.
    /// - Returns: The section.
    package func priorFitSection(posterior: Tensor, prior: Tensor) -> ReportPage.Section {
        let units = Array(evaluation.unitsByUse.prefix(Self.shownUnits))
        var figures: [ReportPage.Figure] = []
        if units.count > 1 { figures.append(plane(units[0], units[1], posterior, prior)) }
        figures.append(quantiles(of: units, posterior, prior))
        var section = ReportPage.Section("Whether the prior fits the codes")
        section.add(
            paragraph: """
                A sample begins with z from the prior p(z); the decoder has learnt from z of q(z), those of all examples \
                together. Where p(z) has mass and q(z) has none, samples come out that look like no data.
                """)
        section.add(sideBySide: figures)
        if let fit = measured.priorFit { addGain(of: fit, to: &section) }
        return section
    }

    private func addGain(of fit: PriorFit, to section: inout ReportPage.Section) {
        section.add(
            paragraph: """
                A mixture of Gaussians fitted to the codes of \(fit.trainingExamples) training examples, in the place of \
                the prior, would gain \(text(fit.gain.mean, digits: 2)) ± \(text(fit.gain.standardError, digits: 2)) nats \
                on each of \(fit.examples) examples of \(phrase(ofSplit: fit.split)). \
                \(fit.verdict(on: run.url.relativePath))
                """)
        section.add(
            ReportPage.Table(
                columns: [.number("Gaussians"), .number("log r(z), nats"), .text("")],
                rows: fit.candidates.map {
                    [
                        "\($0.components)", text($0.logDensity, digits: 2),
                        $0.components == fit.components ? "chosen" : "",
                    ]
                },
                caption: """
                    The density of training codes that were set aside, by how many Gaussians the mixture has.
                    """))
    }

    private func plane(_ first: Int, _ second: Int, _ posterior: Tensor, _ prior: Tensor) -> ReportPage.Figure
    {
        func series(_ name: String, _ z: Tensor) -> ScatterChart.Series {
            ScatterChart.Series(
                name, x: z.selected(first, along: 1).array(), y: z.selected(second, along: 1).array())
        }
        var chart = ScatterChart(
            xAxis: Axis("unit \(first)"), yAxis: Axis("unit \(second)"),
            series: [series("p(z)", prior), series("q(z)", posterior)])
        // Both lie around the same place.
        chart.namesMiddles = false
        return ReportPage.Figure(
            chart, name: "prior-plane",
            caption: """
                Draws of the aggregated posterior q(z) over draws of the prior p(z), in the two units that say most. \
                A prior that fits is covered evenly, without holes.
                """)
    }

    /// Quantiles of q(z) over those of p(z), unit by unit, from the first hundredth to the last.
    private func quantiles(of units: [Int], _ posterior: Tensor, _ prior: Tensor) -> ReportPage.Figure {
        func quantiles(_ z: Tensor, _ unit: Int) -> [Double] {
            let sorted = z.selected(unit, along: 1).array(of: Double.self).sorted()
            return (1...99).map { sorted[min($0 * sorted.count / 100, sorted.count - 1)] }
        }
        var series = units.map { unit in
            LineChart.Series("unit \(unit)", x: quantiles(prior, unit), y: quantiles(posterior, unit))
        }
        let ends = series.flatMap { [$0.x[0], $0.x[98]] }
        series.append(
            LineChart.Series("as the prior", x: [ends.min()!, ends.max()!], y: [ends.min()!, ends.max()!]))
        let chart = LineChart(
            xAxis: Axis("quantile of p(z)"), yAxis: Axis("quantile of q(z)"), series: series)
        return ReportPage.Figure(
            chart, name: "prior-quantiles",
            caption: """
                Quantiles of each unit's aggregated posterior over those of its prior. On the diagonal they agree; a \
                flatter curve is a unit whose codes keep to the middle, steps are clusters.
                """)
    }
}

extension PriorFit {
    /// What to make of the gain, in a sentence.
    ///
    /// - Parameter run: The run's folder, as the user names it.
    /// - Returns: The sentence, with the command that fits such a prior where there is something to gain.
    package func verdict(on run: String) -> String {
        guard gain.mean > 2 * gain.standardError else {
            return "No such mixture fits them better than the prior does."
        }
        return components == 1
            ? "One Gaussian is enough: 'vae refit \(run)' with a learned prior fits it."
            : "'vae refit \(run)' with a mixture of \(components) components as the prior fits one."
    }
}
