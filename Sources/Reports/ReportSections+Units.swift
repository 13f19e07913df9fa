import Evaluation
import Figures
import Runs

// What each latent unit says, and which have collapsed.
extension ReportSections {
    /// How many units a table lists.
    private static let tabledUnits = 20

    package func unitsSection() throws -> ReportPage.Section? {
        guard !evaluation.unitVariances.isEmpty else { return nil }
        var section = ReportPage.Section("What each unit says")
        let hasRates = !evaluation.unitRates.isEmpty
        let chart = BarChart(
            xAxis: Axis(hasRates ? "latent unit, by rate" : "latent unit, by variance"),
            yAxis: hasRates ? Axis("rate", unit: "nats") : Axis("variance of the posterior mean"),
            values: hasRates ? evaluation.unitRates : evaluation.unitVariances, order: .descending)
        let caption =
            hasRates
            ? """
            KL(q(z | x) ‖ p(z)) of each unit, averaged over examples. A unit near zero has collapsed to the \
            prior: it is noise that the decoder has learnt to ignore.
            """
            : """
            How far the mean of q(z | x) varies over examples, unit by unit; the prior does not let the rate be \
            split among them. A unit near zero has collapsed: it says nothing of x.
            """
        section.add(ReportPage.Figure(chart, name: "units", caption: caption))
        if let collapse { section.add(paragraph: collapse) }
        if let alarm = try alarm() { section.add(paragraph: alarm) }
        section.add(unitsTable())
        return section
    }

    /// The rate of each latent; `nil` where there is one.
    package func latentsSection() -> ReportPage.Section? {
        let rates = evaluation.rates
        guard rates.count > 1 else { return nil }
        var section = ReportPage.Section("What each latent says")
        section.add(
            ReportPage.Figure(
                BarChart(
                    xAxis: Axis("latent, from the top down"), yAxis: Axis("rate", unit: "nats"),
                    values: rates.map(\.rate.mean), errors: rates.map(\.rate.standardError),
                    names: rates.map(\.group)),
                name: "latents",
                caption:
                    "KL(q(z_i | z_<i, x) ‖ p(z_i | z_<i)) of each latent, averaged over draws and examples."))
        section.add(
            ReportPage.Table(
                columns: [.text("latent"), .number("rate, nats"), .number("±")],
                rows: rates.map { [$0.group] + cells($0.rate) }))
        return section
    }

    /// What has collapsed, and what helps; `nil` where every unit is used.
    private var collapse: String? {
        let total = evaluation.unitVariances.count
        let active = evaluation.informativeUnits
        guard active < total else { return nil }
        guard active > 0 else {
            return """
                Every unit has collapsed to the prior: the decoder ignores z, and the model is one distribution for all \
                examples. A warm-up of the rate, or a decoder that can say less without z, \
                helps.
                """
        }
        return """
            \(total - active) of \(total) units have collapsed: their posterior means hardly vary, or their rate is below \
            \(Evaluation.informativeRate) nats. They cost next to nothing and say nothing: fewer latents would do as well, or a warm-up of the rate may bring them to life.
            """
    }

    /// When training found that units had collapsed; `nil` where it did not.
    private func alarm() throws -> String? {
        let records = try run.metrics().filter { $0.values["collapseAlarm"] != nil }
        let findings = records.map { record in
            "after epoch \(Int(record.epoch)), with \(Int(record.values["informativeUnits"] ?? 0)) in use"
        }
        guard !findings.isEmpty else { return nil }
        return "Training raised the alarm that units had collapsed \(findings.joined(separator: ", and "))."
    }

    private func unitsTable() -> ReportPage.Table {
        let shown = evaluation.unitsByUse.prefix(Self.tabledUnits)
        let hasRates = !evaluation.unitRates.isEmpty
        return ReportPage.Table(
            columns: [.number("unit")] + (hasRates ? [.number("rate, nats")] : [])
                + [.number("variance of its mean"), .text("active")],
            rows: shown.map { unit in
                let variance = evaluation.unitVariances[unit]
                return ["\(unit)"] + (hasRates ? [text(evaluation.unitRates[unit], digits: 3)] : [])
                    + [text(variance, digits: 4), Evaluation.isActive(variance: variance) ? "yes" : "no"]
            },
            caption: """
                The units that say most. Active are those whose posterior mean has a variance above 0.01 over the \
                examples (Burda et al. 2016).
                """)
    }
}
