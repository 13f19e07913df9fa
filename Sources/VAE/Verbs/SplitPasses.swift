import Bounds
import Datasets
import Evaluation
import Models
import Tensors

/// The examples of a split, gone through once for each kind of measurement.
///
/// Every pass sees the same batches with the same binarization, so that the measurements are of the same examples.
struct SplitPasses {
    let trained: TrainedModel
    let loader: BatchLoader
    let split: String
    let seed: Generator
    let progress: ProgressHandler

    /// Examples in a batch.
    private static let batchSize = 100
    /// Examples between two signs of progress where each takes long.
    private static let slowPart = 20

    /// Passes over some examples.
    ///
    /// - Parameters:
    ///   - trained: The model.
    ///   - source: The examples.
    ///   - split: The name of the split they belong to.
    ///   - seed: Of all draws.
    ///   - progress: Told of each pass.
    /// - Throws: `DatasetsError.tooFewExamples` when there are none.
    init(
        _ trained: TrainedModel, _ source: any DataSource, split: String, seed: Int,
        progress: @escaping ProgressHandler
    ) throws {
        self.trained = trained
        self.split = split
        self.seed = Generator(seed: UInt64(seed))
        self.progress = progress
        loader = try BatchLoader(source, batchSize: Self.batchSize)
    }

    var model: any LatentVariableModel { trained.model }

    var preprocessing: Preprocessing { trained.configuration.data.preprocessing }

    /// Bound, likelihood and units.
    func evaluation(_ settings: Evaluator.Settings) throws -> Evaluation {
        var evaluator = Evaluator(model, settings: settings, noise: seed.child(named: "evaluate"))
        try pass("evaluate") { evaluator.add($0) }
        return evaluator.result(
            split: split, kind: trained.boundKind,
            discreteDimensions: trained.configuration.discreteDimensions)
    }

    /// How far a flow and its inverse miss the examples, at most; `nil` for other models.
    func roundTripError() throws -> Double? {
        guard model is FlowModel else { return nil }
        var largest = 0.0
        try pass("round trip") { largest = max(largest, trained.roundTripError($0.examples) ?? 0) }
        return largest
    }

    /// The parts of the bound.
    func surgery(samples: Int) throws -> Surgery {
        var estimator = SurgeryEstimator(model, samples: samples, noise: seed.child(named: "surgery"))
        try pass("encode") { try estimator.add($0) }
        var stage = stage("surgery")
        return estimator.result(split: split) { stage.advance(by: $0) }
    }

    /// What the bound loses, and where.
    func gaps(_ refinement: Refinement, samples: Int) throws -> Gaps {
        var bounds = RefinedBounds()
        try pass("gaps", partsOf: Self.slowPart) {
            try bounds.add(
                model, $0, refinement: refinement, samples: samples, using: seed.child(named: "gaps"))
        }
        return Gaps(split: split, steps: refinement.steps, samples: samples, of: bounds)
    }

    /// log p(x) by another way.
    func annealed(_ sampling: AnnealedImportanceSampling) throws -> AnnealedLikelihood {
        var estimator = AnnealedEstimator(model, sampling, noise: seed.child(named: "annealing"))
        try pass("anneal", partsOf: Self.slowPart) { try estimator.add($0) }
        return estimator.result(split: split)
    }

    /// What a mixture fitted to the codes of training examples would gain here.
    ///
    /// - Parameters:
    ///   - training: Some training examples, in random order.
    ///   - samples: Draws of z for each example.
    /// - Returns: The gain.
    /// - Throws: `FitError` where no mixture fits; errors of the data.
    func priorFit(to training: SplitPasses, samples: Int) throws -> PriorFit {
        var estimator = PriorFitEstimator(model, samples: samples, noise: seed.child(named: "prior fit"))
        try training.pass("codes") { try estimator.addTraining($0) }
        try pass("encode") { try estimator.add($0) }
        var stage = stage("fit", total: estimator.fitCount, unit: "mixture")
        return try estimator.result(split: split) { stage.advance() }
    }

    /// What the model makes of each example, and why there is no likelihood regret, if there is none.
    func scores(
        samples: Int, refinement: Refinement?
    ) throws -> (scores: ExampleScores, obstacle: EvaluationError?) {
        var scorer = ExampleScorer(
            model, samples: samples, refinement: refinement, noise: seed.child(named: "scores"))
        try pass(
            "score \(split)", partsOf: refinement == nil ? Self.batchSize : Self.slowPart
        ) { scorer.add($0) }
        return (scorer.scores, scorer.obstacle)
    }

    /// Hands every batch to `body`, cut into parts of at most so many examples.
    func pass(_ title: String, partsOf size: Int = Self.batchSize, _ body: (Batch) throws -> Void) throws {
        var stage = stage(title)
        for batch in loader.batches() {
            let batch = preprocessing.apply(to: try batch.get(), using: seed)
            for start in stride(from: 0, to: batch.count, by: size) {
                let range = start..<min(start + size, batch.count)
                try body(batch[range])
                stage.advance(by: range.count)
            }
        }
    }

    /// A stage over the examples, or over as many of something else.
    func stage(_ name: String, total: Int? = nil, unit: String = "example") -> Stage {
        Stage(name, total: total ?? loader.source.count, unit: unit, progress)
    }
}
