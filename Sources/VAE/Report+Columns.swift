import Figures
import Reports
import Tensors

extension Report {
    /// The rows of a table beside what the model makes of them.
    ///
    /// - Parameter sections: Shows them.
    /// - Returns: The section.
    func columnsSection(in sections: ReportSections) -> ReportPage.Section {
        var noise = trained.evaluationNoise.child(named: "columns")
        let data = examples.examples.flattened(from: 1)
        let samples =
            trained.traits.hasPrior
            ? trained.samples(
                examples.count, classes: examples.classes, showingMean: false, using: &noise
            ).examples.flattened(from: 1) : nil
        return sections.columnsSection(
            names: splits.training.columnNames ?? (0..<data.size(along: 1)).map { "x\($0)" }, data: data,
            reconstructions: trained.reconstruct(examples).flattened(from: 1), samples: samples)
    }
}
