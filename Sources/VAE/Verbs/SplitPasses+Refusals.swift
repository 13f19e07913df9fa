import Datasets
import Diagnostics
import Evaluation
import Models
import Tensors

// What a model or its data refuse, found out of one example before anybody has waited for anything.
extension SplitPasses {
    /// Throws where the bound has no parts.
    func checkSurgery() throws {
        var estimator = SurgeryEstimator(model, noise: seed)
        try check(.surgery) { try estimator.add($0) }
    }

    /// Throws where the posterior cannot be refined.
    func checkGaps() throws {
        var bounds = RefinedBounds()
        var refinement = Refinement()
        refinement.steps = 0
        try check(.gaps) {
            try bounds.add(model, $0, refinement: refinement, samples: 1, using: seed)
        }
    }

    /// Throws where there is no way from the prior to the posterior.
    func checkAnnealed() throws {
        var sampling = AnnealedImportanceSampling()
        (sampling.steps, sampling.chains) = (1, 1)
        var estimator = AnnealedEstimator(model, sampling, noise: seed)
        try check(.annealing) { try estimator.add($0) }
    }

    /// Throws where the model has not one prior, or there is nothing to learn another from.
    func checkPriorFit(to training: SplitPasses) throws {
        guard training.loader.source.count > 1 else {
            throw MeasurementError(
                .priorFit, "there is one training example, and no prior to learn from it")
        }
        var estimator = PriorFitEstimator(model, noise: seed)
        try check(.priorFit) { try estimator.add($0) }
    }

    /// Throws where these examples, or those to learn features from, are not enough to compare images.
    func checkRealism(learningFrom source: any DataSource) throws {
        let shape = source.exampleShape
        try naming(.realism) {
            guard shape.count == 3, min(shape[1], shape[2]) > 2, seenImages != .real else {
                throw DiagnosticsError.noImages
            }
            try RealismEstimator.check(imageCount: loader.source.count)
            _ = try FeatureClassifier(untrainedFor: source, training: .init())
        }
    }

    /// Hands the first example to `body`.
    private func check(_ measurement: Measurement, _ body: (Batch) throws -> Void) throws {
        let example = preprocessing.apply(to: try loader.source.batch(0..<1), using: seed)
        try naming(measurement) { try body(example) }
    }

    /// Runs `body`; where the model is the reason, the error names the measurement that asked for it.
    private func naming(_ measurement: Measurement, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as EvaluationError {
            throw MeasurementError(measurement, error.description)
        } catch let error as DiagnosticsError {
            throw MeasurementError(measurement, error.description)
        }
    }
}
