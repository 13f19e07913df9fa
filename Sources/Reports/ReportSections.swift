import Evaluation
import Figures
import Foundation
import Runs

/// The sections of a report that show what was measured of a run; charts go to the run's `figures/` as well.
package struct ReportSections {
    let run: RunFolder
    let measured: RunEvaluation
    let gradients: GradientReport?
    /// Whether the bound falls into distortion and rate.
    let hasSplit: Bool
    /// Why the numbers are no likelihood; `nil` where they are.
    let lossReason: String?

    /// The sections of a run.
    package init(
        of run: RunFolder, _ measured: RunEvaluation, gradients: GradientReport?, hasSplit: Bool,
        lossReason: String?
    ) {
        self.run = run
        self.measured = measured
        self.gradients = gradients
        self.hasSplit = hasSplit
        self.lossReason = lossReason
    }

    var evaluation: Evaluation { measured.evaluation }

    /// Leaves a chart in the run's figures.
    func keep(_ chart: some Plot, as name: String) throws {
        try run.write(chart.svg(), to: run.figuresURL.appendingPathComponent(name + ".svg"))
    }

    func text(_ value: Double, digits: Int = 1) -> String { String(format: "%.\(digits)f", value) }
}
