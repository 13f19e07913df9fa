import Bounds
import Datasets
import Evaluation
import Figures
import Formats
import Models
import Reports
import Runs
import Tensors

/// The page that shows a run: numbers, curves, pictures and what to see in them.
///
/// Also leaves each figure as a file in the run's `figures/`, where it replaces those of the report before and no others,
/// and the numbers in `evaluation.json`.
public struct Report {
    let trained: TrainedModel
    let splits: DataSplits
    /// What was measured before of these weights, or else here on a few examples.
    let measured: RunEvaluation
    /// Preprocessed examples to look at: the first of the split that is evaluated.
    let examples: Batch

    /// How many examples the numbers and the map of codes are made from.
    private static let exampleLimit = 2000

    var evaluation: Evaluation { measured.evaluation }

    /// Measures a trained model for its report, unless that has been done.
    ///
    /// - Parameters:
    ///   - trained: The model.
    ///   - splits: Its data; the test split is looked at, or what comes nearest to it.
    /// - Throws: Errors of reading the data.
    public init(_ trained: TrainedModel, data splits: DataSplits) throws {
        self.trained = trained
        self.splits = splits
        let (name, source) = splits.heldOut
        let count = min(source.count, Self.exampleLimit)
        let preprocessing = trained.configuration.data.preprocessing
        let noise = trained.evaluationNoise
        examples = preprocessing.apply(to: try source.batch(0..<count), using: noise)
        if let stored = try trained.storedEvaluation {
            measured = stored
            return
        }
        var evaluator = Evaluator(trained.model, settings: .init(), noise: noise)
        for start in stride(from: 0, to: count, by: 200) {
            evaluator.add(examples[start..<min(start + 200, count)])
        }
        measured = RunEvaluation(
            checksum: trained.checksum, data: source.name, preprocessing: preprocessing,
            seed: Int(truncatingIfNeeded: trained.configuration.seed),
            evaluation: evaluator.result(
                split: count < source.count ? "first \(count) of \(name)" : name,
                kind: trained.boundKind,
                discreteDimensions: trained.configuration.discreteDimensions))
    }

    /// Writes page, pictures and numbers into the run folder.
    ///
    /// - Throws: `FormatError.file` when something cannot be written.
    public func write() throws {
        // The page comes last: where there is one, all of it is there.
        try trained.store(measured)
        var page = ReportPage(title: title, subtitle: subtitle, footer: ReportPage.footer)
        let sections = ReportSections(
            of: trained.run, measured, gradients: try trained.storedGradients?.gradients,
            hasSplit: trained.traits.hasSplit, kindNote: trained.kindNote)
        for figure in sections.keyFigures { page.add(figure) }
        if isPictorial {
            if trained.traits.hasPrior { page.add(samplesSection()) }
            page.add(reconstructionsSection())
            if let section = sections.realismSection() { page.add(section) }
            page.add(latentSection())
        } else {
            page.add(columnsSection(in: sections))
        }
        if let section = sections.likelihoodSection() { page.add(section) }
        if let section = sections.gapsSection() { page.add(section) }
        if let section = sections.surgerySection() { page.add(section) }
        if let section = sections.latentsSection() { page.add(section) }
        if let section = try sections.unitsSection() { page.add(section) }
        if let section = sections.disentanglementSection() { page.add(section) }
        if let section = priorFitSection(in: sections) { page.add(section) }
        if let section = sections.gradientsSection() { page.add(section) }
        if let section = try sections.curvesSection() { page.add(section) }
        page.add(try repeatSection())
        try page.write(to: trained.run)
    }

    /// Whether the examples are images that can be shown.
    var isPictorial: Bool { trained.exampleShape.count == 3 }

    private var title: String {
        "\(trained.configuration.model.title) of \(trained.configuration.data.name)"
    }

    private var subtitle: String {
        let configuration = trained.configuration
        let size = trained.exampleShape.map(String.init).joined(separator: "×")
        return "\(configuration.model.summary); \(splits.training.count) training examples of \(size), "
            + "\(configuration.inputSummary); seed \(configuration.seed). "
            + "Objective: \(configuration.training.objectiveSummary)."
    }
}

extension TrainedModel {
    /// The noise of evaluations: fixed, so that numbers can be repeated.
    var evaluationNoise: Generator { Generator(seed: configuration.seed).child(named: "evaluation") }
}
