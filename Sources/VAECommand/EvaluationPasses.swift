import CommandLineKit
import Foundation
import VAE

/// The examples that are evaluated, gone through once for each kind of measurement, with a progress bar each.
///
/// Every pass sees the same batches with the same binarization, so that the measurements are of the same examples.
struct EvaluationPasses {
    let input: RunInput
    let loader: BatchLoader
    let split: String
    let seed: Generator
    private let barStyle: ProgressBar.Style

    /// Examples in a batch.
    private static let batchSize = 100
    /// Examples between two signs of progress where each takes long.
    private static let slowPart = 20

    /// Passes over some examples.
    ///
    /// - Parameters:
    ///   - input: The run.
    ///   - source: The examples.
    ///   - split: What they are called.
    ///   - seed: Of all draws.
    ///   - isQuiet: Whether progress stays hidden.
    /// - Throws: `DatasetsError.tooFewExamples` when there are none.
    init(_ input: RunInput, _ source: any DataSource, split: String, seed: Int, isQuiet: Bool) throws {
        self.input = input
        self.split = split
        self.seed = Generator(seed: UInt64(seed))
        loader = try BatchLoader(source, batchSize: Self.batchSize)
        barStyle = .automatic(isQuiet: isQuiet)
    }

    var model: any LatentVariableModel { input.trained.model }

    /// Bound, likelihood and units.
    func evaluation(_ settings: Evaluator.Settings) throws -> Evaluation {
        var evaluator = Evaluator(model, settings: settings, noise: seed.child(1))
        try pass("evaluate") { evaluator.add($0, classes: $1) }
        let configuration = input.trained.configuration
        return evaluator.result(
            split: split, kind: configuration.model.boundKind(of: input.preprocessing),
            discreteDimensions: configuration.discreteDimensions)
    }

    /// How far a flow and its inverse miss the examples, at most; `nil` for other models.
    func roundTripError() throws -> Double? {
        guard model is FlowModel else { return nil }
        var largest = 0.0
        try pass("round trip") { x, _ in largest = max(largest, input.trained.roundTripError(x) ?? 0) }
        return largest
    }

    /// The parts of the bound.
    func surgery(samples: Int) throws -> Surgery {
        var estimator = SurgeryEstimator(model, samples: samples, noise: seed.child(3))
        try pass("encode") { try estimator.add($0, classes: $1) }
        let bar = bar("surgery")
        let result = estimator.result(split: split) { bar.advance(by: $0) }
        bar.finish()
        return result
    }

    /// What the bound loses, and where.
    func gaps(_ refinement: Refinement, samples: Int) throws -> Gaps {
        var bounds = RefinedBounds()
        var noise = seed.child(4)
        try pass("gaps", partsOf: Self.slowPart) {
            try bounds.add(
                model, $0, classes: $1, refinement: refinement, samples: samples, using: &noise)
        }
        return Gaps(split: split, steps: refinement.steps, samples: samples, of: bounds)
    }

    /// log p(x) by another way.
    func annealed(_ sampling: AnnealedImportanceSampling) throws -> AnnealedLikelihood {
        var estimator = AnnealedEstimator(model, sampling, noise: seed.child(5))
        try pass("anneal", partsOf: Self.slowPart) { try estimator.add($0, classes: $1) }
        return estimator.result(split: split)
    }

    /// What a mixture fitted to the codes of training examples would gain here.
    ///
    /// - Parameters:
    ///   - training: Some training examples, in random order.
    ///   - samples: Draws of z for each example.
    /// - Returns: The gain.
    /// - Throws: `FitError` where no mixture fits; errors of the data.
    func priorFit(to training: EvaluationPasses, samples: Int) throws -> PriorFit {
        var estimator = PriorFitEstimator(model, samples: samples, noise: seed.child(8))
        try training.pass("codes") { try estimator.addTraining($0, classes: $1) }
        try pass("encode") { try estimator.add($0, classes: $1) }
        let bar = ProgressBar("fit", total: estimator.fitCount, unit: "mixture", style: barStyle)
        let result = try estimator.result(split: split) { bar.advance() }
        bar.finish()
        return result
    }

    /// What the model makes of each example, and why there is no likelihood regret, if there is none.
    func scores(
        samples: Int, refinement: Refinement?
    ) throws -> (scores: ExampleScores, obstacle: EvaluationError?) {
        var scorer = ExampleScorer(model, samples: samples, refinement: refinement, noise: seed.child(6))
        try pass(
            "score \(split)", partsOf: refinement == nil ? Self.batchSize : Self.slowPart
        ) { scorer.add($0, classes: $1) }
        return (scorer.scores, scorer.obstacle)
    }

    /// Hands every batch to `body`, cut into parts of at most so many examples, with their classes.
    func pass(
        _ title: String, partsOf size: Int = Self.batchSize, _ body: (Tensor, [Int]?) throws -> Void
    ) throws {
        var binarization = seed.child(2)
        let bar = bar(title)
        for batch in loader.batches() {
            let batch = try batch.get()
            let x = input.preprocessing.apply(to: batch.examples, using: &binarization)
            for start in stride(from: 0, to: batch.indices.count, by: size) {
                let range = start..<min(start + size, batch.indices.count)
                try body(x[.range(range)], batch.labels.map { Array($0[range]) })
                bar.advance(by: range.count)
            }
        }
        bar.finish()
    }

    /// A bar over the examples, or over as many of something else.
    func bar(_ title: String, total: Int? = nil, unit: String = "example") -> ProgressBar {
        ProgressBar(title, total: total ?? loader.source.count, unit: unit, style: barStyle)
    }
}
