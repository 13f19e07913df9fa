import CommandLineKit
import VAE

// What a model or its data refuse, found out of one example before anybody has waited for anything.
extension EvaluationPasses {
    /// Throws where the bound has no parts.
    func checkSurgery() throws {
        var estimator = SurgeryEstimator(model, noise: seed)
        try check("--surgery") { try estimator.add($0, classes: $1) }
    }

    /// Throws where the posterior cannot be refined.
    func checkGaps() throws {
        var bounds = RefinedBounds()
        var noise = seed
        var refinement = Refinement()
        refinement.steps = 0
        try check("--gaps") {
            try bounds.add(model, $0, classes: $1, refinement: refinement, samples: 1, using: &noise)
        }
    }

    /// Throws where there is no way from the prior to the posterior.
    func checkAnnealed() throws {
        var sampling = AnnealedImportanceSampling()
        (sampling.steps, sampling.chains) = (1, 1)
        var estimator = AnnealedEstimator(model, sampling, noise: seed)
        try check("--annealed-steps") { try estimator.add($0, classes: $1) }
    }

    /// Throws where the model has not one prior, or there is nothing to learn another from.
    func checkPriorFit(to training: EvaluationPasses) throws {
        guard training.loader.source.count > 1 else {
            throw Failure(
                "--prior-fit: there is one training example, and no prior to learn from it",
                exitCode: .dataError)
        }
        var estimator = PriorFitEstimator(model, noise: seed)
        try check("--prior-fit") { try estimator.add($0, classes: $1) }
    }

    /// Throws where these examples, or those to learn features from, are not enough to compare images.
    func checkRealism(learningFrom source: any DataSource) throws {
        let shape = source.exampleShape
        try naming("--realism") {
            guard shape.count == 3, min(shape[1], shape[2]) > 2, seenImages != .real else {
                throw DiagnosticsError.noImages
            }
            try RealismEstimator.check(imageCount: loader.source.count)
            _ = try FeatureClassifier(untrainedFor: source, training: .init())
        }
    }

    /// Hands the first example to `body`.
    private func check(_ option: String, _ body: (Tensor, [Int]?) throws -> Void) throws {
        let example = try input.examples(of: loader.source, at: [0])
        try naming(option) { try body(example.values, example.classes) }
    }

    /// Runs `body`; where the model stands in the way, the error names the option that asked for it.
    private func naming(_ option: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as EvaluationError {
            throw Failure("\(option): \(error)", exitCode: .dataError)
        } catch let error as DiagnosticsError {
            throw Failure("\(option): \(error)", exitCode: .dataError)
        }
    }
}
