import Bounds
import Figures
import Tensors

extension Report {
    /// How many draws are shown: enough for a hundred quantiles, few enough for a prior of many components.
    private static let drawLimit = 500

    /// Whether the prior fits the codes; `nil` for a model without prior or units.
    ///
    /// - Parameter sections: Shows the draws.
    /// - Returns: The section.
    func priorFitSection(in sections: ReportSections) -> ReportPage.Section? {
        guard trained.traits.hasPrior, !evaluation.unitVariances.isEmpty else { return nil }
        var noise = trained.evaluationNoise.child(named: "prior fit")
        let count = min(examples.count, Self.drawLimit)
        return withoutGradients {
            let posterior = inChunks(count) { range in
                trained.model.trace(of: examples[range], using: noise).code
            }
            let prior = trained.samples(
                count, classes: examples.classes.map { Array($0.prefix(count)) }, using: &noise
            ).codes
            return sections.priorFitSection(posterior: posterior, prior: prior)
        }
    }
}
