import Evaluation
import Figures
import Foundation
import Runs

/// The sections of a report that show what was measured of a run.
package struct ReportSections {
    let run: RunFolder
    let measured: RunEvaluation
    let gradients: GradientReport?
    /// Whether the bound falls into distortion and rate.
    let hasSplit: Bool
    /// Why the numbers bound no probability; `nil` where they do.
    let kindNote: String?

    /// The sections of a run.
    package init(
        of run: RunFolder, _ measured: RunEvaluation, gradients: GradientReport?, hasSplit: Bool,
        kindNote: String?
    ) {
        self.run = run
        self.measured = measured
        self.gradients = gradients
        self.hasSplit = hasSplit
        self.kindNote = kindNote
    }

    var evaluation: Evaluation { measured.evaluation }

    func text(_ value: Double, digits: Int = 1) -> String { String(format: "%.\(digits)f", value) }
}

/// What a report calls a split after the number of its examples: "500 examples of the test split".
///
/// - Parameter split: The name of a split, "first 500 of" one, or `wholeDataName`.
/// - Returns: The phrase.
package func phrase(ofSplit split: String) -> String {
    if split == wholeDataName { return "the data" }
    let name = split.hasPrefix("first ") ? split.split(separator: " ").last.map(String.init) ?? split : split
    return "the \(name) split"
}

/// What stands in place of a split's name where other data than a run's own are measured that have no splits.
package let wholeDataName = "all"
