import Evaluation
import Figures
import Foundation
import Reports
import Testing

@Suite("Gradients shown")
struct GradientReportTests {
    /// A report of one estimator, with a norm or without.
    private func report(norm: Double?) throws -> GradientReport {
        let ratio = norm.map { "\"signalToNoise\": \($0 / 2)," } ?? ""
        let text = """
            {"split": "test", "examples": 9, "samples": 1, "bound": "elbo", "repeats": 4, "referenceRepeats": 8,
             \(norm.map { "\"norm\": \($0)," } ?? "") "rows": [{"estimator": "stl", \(ratio)
               "variance": {"mean": 4, "standardError": 1}, "bias": {"mean": 0.5, "standardError": 0.25}}],
             "others": {"variance": {"mean": 4, "standardError": 1}}}
            """
        return try JSONDecoder().decode(GradientReport.self, from: Data(text.utf8))
    }

    @Test("A gradient that was seen measures the bias")
    func seen() throws {
        let found = try report(norm: 3)
        #expect(found.normText == "3")
        #expect(found.rows[0].cells == ["4", "1", "1.5", "0.5", "0.25", "2"])
        let chart = found.biasChart
        #expect(chart.values == [0.5 / 3] && chart.errors == [0.25 / 3])
        #expect(chart.yAxis.unit == "norms of the gradient" && chart.title == nil)
    }

    @Test("One that was not is told with the mend, in table and figure, and is no zero")
    func unseen() throws {
        let found = try report(norm: nil)
        let told = "not seen above the noise; take more reference repeats"
        #expect(found.normText == told)
        #expect(found.rows[0].cells == ["4", "1", "not seen", "0.5", "0.25", "2"])
        let chart = found.biasChart
        #expect(chart.values == [0.5] && chart.errors == [0.25] && chart.yAxis.unit == nil)
        #expect(chart.title?.hasSuffix(told) == true)
        // The gradients of decoder and prior are of as many draws as the estimators have.
        #expect(
            found.othersText?.hasSuffix("its norm is not seen above the noise; take more repeats.") == true)
    }
}
