import Bounds
import Evaluation
import Figures
import Foundation
import Runs

// The sections of a report that show numbers.
extension ReportSections {
    package var keyFigures: [ReportPage.KeyFigure] {
        let isLoss = evaluation.kind == .loss
        let total = ReportPage.KeyFigure(
            evaluation.totalName(hasSplit: hasSplit),
            value: text(isLoss ? -evaluation.elbo.mean : evaluation.elbo.mean),
            unit: "nats",
            note: "\(evaluation.split), ± \(errorText(evaluation.elbo.standardError, digits: 2))"
                + (kindNote.map { "; " + $0 } ?? ""))
        let split = [
            ReportPage.KeyFigure(
                "Distortion", value: text(evaluation.distortion.mean), unit: "nats",
                note: "to say x when z is known"),
            ReportPage.KeyFigure(
                "Rate", value: text(evaluation.rate.mean), unit: "nats",
                note: "to say z: KL of posterior from prior"),
        ]
        let units = [
            ReportPage.KeyFigure(
                "Active units", value: "\(evaluation.activeUnits)",
                unit: "of \(evaluation.unitVariances.count)",
                note:
                    "whose posterior mean varies over the data; \(evaluation.informativeUnits) with a rate of at least "
                    + "\(Evaluation.informativeRate) nats")
        ]
        let bits = evaluation.bitsPerDimension.map {
            [ReportPage.KeyFigure("Bits per dimension", value: text($0, digits: 3), note: "from the bound")]
        }
        return [total] + (hasSplit ? split : [])
            + (evaluation.unitVariances.isEmpty ? [] : units)
            + (bits ?? [])
    }

    package func curvesSection() throws -> ReportPage.Section? {
        let metrics = try run.metrics()
        guard metrics.contains(where: { $0.split == "train" }) else { return nil }
        var section = ReportPage.Section("How it learnt")
        let whole = figure(
            of: metrics, ["elbo"], name: "curves", label: evaluation.kind == .loss ? "loss" : "ELBO",
            caption: "The bound after each epoch; validation, where there is a split, decides which is best.")
        let parts = figure(
            of: metrics, ["distortion", "rate"], name: "curves-parts", label: "cost",
            caption: "Its two parts. As the rate rises the code says more, and the distortion falls by more.")
        section.add(sideBySide: hasSplit ? [whole, parts] : [whole])
        if let units = activeUnitsFigure(of: metrics) { section.add(units) }
        return section
    }

    /// How many units were active after each epoch; `nil` where that was not watched, or once only.
    private func activeUnitsFigure(of metrics: [MetricsRecord]) -> ReportPage.Figure? {
        let records = metrics.filter { $0.values["activeUnits"] != nil }
        guard records.count > 1 else { return nil }
        let series = LineChart.Series(
            "active units", x: records.map(\.epoch), y: records.map { $0.values["activeUnits"]! })
        return ReportPage.Figure(
            LineChart(xAxis: Axis("epoch"), yAxis: Axis("active units"), series: [series]),
            name: "curves-units",
            caption: """
                Units whose posterior mean varies over the data by more than 0.01. They grow in number as the decoder \
                learns to use them; what falls to the prior seldom comes back.
                """)
    }

    private func figure(
        of metrics: [MetricsRecord], _ names: [String], name file: String, label: String, caption: String
    ) -> ReportPage.Figure {
        let series = ["train", "validation"].flatMap { split in
            names.compactMap { name -> LineChart.Series? in
                let records = metrics.filter { $0.split == split && $0.values[name] != nil }
                guard !records.isEmpty else { return nil }
                return LineChart.Series(
                    names.count == 1 ? split : "\(name), \(split)", x: records.map(\.epoch),
                    y: records.map {
                        name == "elbo" && evaluation.kind == .loss ? -$0.values[name]! : $0.values[name]!
                    })
            }
        }
        let chart = LineChart(xAxis: Axis("epoch"), yAxis: Axis(label, unit: "nats"), series: series)
        return ReportPage.Figure(chart, name: file, caption: caption)
    }
}

extension Evaluation {
    /// What the sum of distortion and rate is called.
    ///
    /// - Parameter hasSplit: Whether it falls into the two; where it does not, a density of levels is that of a flow.
    /// - Returns: The name, with a capital where it is a word.
    package func totalName(hasSplit: Bool) -> String {
        switch kind {
        case .loss: "Loss"
        case .exact: "log p(x)"
        case .density: hasSplit ? "ELBO" : "log p(x)"
        case .bound: "ELBO"
        }
    }
}
