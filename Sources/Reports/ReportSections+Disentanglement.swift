import Datasets
import Diagnostics
import Evaluation
import Figures
import Formats
import Foundation
import Runs

// How far single units stand for single factors.
extension ReportSections {
    package func disentanglementSection() -> ReportPage.Section? {
        guard let found = measured.disentanglement else { return nil }
        let chart = HeatMap(
            xAxis: Axis("factor"), yAxis: Axis("unit"), rows: found.units.map { "\($0)" },
            columns: found.factors.map(\.name), values: found.mutualInformation.shares,
            full: 1)
        var section = ReportPage.Section("Which unit stands for what")
        section.add(
            ReportPage.Figure(
                chart, name: "disentanglement",
                caption: """
                    What the code of each unit tells of each factor that the pictures are drawn from: their mutual \
                    information, as a share of the factor's entropy, over \(found.examples) pictures. \
                    \(found.units.count) of \(found.unitCount) units, those that have not collapsed. Where a column has \
                    one dark cell, a single unit stands for the factor.
                    """))
        section.add(
            ReportPage.Table(
                columns: [.text("score"), .number("value"), .number("±"), .text("what it asks")],
                rows: found.rows.map {
                    [
                        $0.name, text($0.value, digits: 3),
                        $0.standardError.map { errorText($0, digits: 3) } ?? "", $0.question,
                    ]
                },
                caption: """
                    All are 1 at best. \(found.samplingNote) By chance the β-VAE and FactorVAE scores are \
                    \(text(1 / Double(found.factors.count), digits: 2)).
                    """))
        return section
    }
}

extension Disentanglement {
    /// A score with a name and a word on what it means, for tables.
    package struct Row {
        package let name: String
        package let value: Double
        package let standardError: Double?
        package let question: String

        fileprivate init(_ name: String, _ value: Double, _ question: String) {
            (self.name, self.value, standardError, self.question) = (name, value, nil, question)
        }

        fileprivate init(_ name: String, _ estimate: Estimate, _ question: String) {
            self.name = name
            value = estimate.mean
            standardError = estimate.standardError
            self.question = question
        }
    }

    /// Whether chance has a part in MIG and SAP, in a sentence.
    package var samplingNote: String {
        guard let chance else {
            return
                "MIG and SAP are of all \(combinations) combinations of the factors and have no error of sampling."
        }
        return
            "MIG and SAP are of \(examples) of the \(combinations) combinations of the factors: chance adds "
            + "about \(String(format: "%.3f", chance)) to what a unit that tells nothing seems to tell, and MIG "
            + "is biased by as much at most, upwards where units tell little."
    }

    /// The scores in the order to show them.
    package var rows: [Row] {
        [
            Row("MIG", mutualInformation.gap, "does one unit tell a factor, and the next one little?"),
            Row("SAP", attributePredictability.gap, "the same, of prediction by a line"),
            Row("DCI disentanglement", disentanglement, "is each unit used for one factor?"),
            Row("DCI completeness", completeness, "is each factor told by one unit?"),
            Row("DCI informativeness", informativeness, "how much of the factors is told at all?"),
            Row("β-VAE score", betaVAEScore, "can a line find the factor that pairs share?"),
            Row("FactorVAE score", factorVAEScore, "does a fixed factor hold a unit still?"),
        ]
    }
}
