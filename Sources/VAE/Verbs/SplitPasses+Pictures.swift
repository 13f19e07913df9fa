import Datasets
import Evaluation
import Tensors

extension SplitPasses {
    /// How far units stand for the factors of the examples, whose values are given.
    func disentanglement(values: [[Int]], of factors: [KnownFactor]) throws -> Disentanglement {
        var codes: [Double] = []
        try pass("encode") { codes += trained.encode($0).centers.array(of: Double.self) }
        let settings = Disentanglement.Settings()
        var stage = stage("disentangle", total: settings.steps, unit: "part")
        var noise = seed.child(named: "disentanglement")
        return try Disentanglement(
            of: FactorCodes(codes, unitCount: codes.count / values.count, values: values, of: factors),
            settings: settings, using: &noise
        ) { stage.advance() }
    }

    /// How like the examples samples and reconstructions are.
    ///
    /// - Parameters:
    ///   - source: Images with classes, from which the features are learnt.
    ///   - training: Training images to stand beside the samples.
    /// - Returns: The comparison.
    /// - Throws: Errors of the data.
    func realism(learningFrom source: any DataSource, training: (any DataSource)?) throws -> Realism {
        let classifier = try classifier(of: source)
        var data = ImageTraits(classifier)
        var samples = ImageTraits(classifier)
        var reconstructions = ImageTraits(classifier)
        var noise = seed.child(named: "realism")
        try images(of: loader, "images") { batch in
            let seen = seenImages.apply(to: batch, using: seed)
            data.add(seen.examples, classes: seen.classes)
            reconstructions.add(trained.reconstruct(preprocessing.apply(to: batch, using: seed)))
            samples.add(trained.samples(batch.count, classes: batch.classes, using: &noise).examples)
        }
        var others: ImageTraits?
        if let training {
            var traits = ImageTraits(classifier)
            try images(of: try BatchLoader(training, batchSize: loader.batchSize), "training images") {
                let seen = seenImages.apply(to: $0, using: seed)
                traits.add(seen.examples, classes: seen.classes)
            }
            others = traits
        }
        return try RealismEstimator(data).result(
            split: split, samples: samples, reconstructions: reconstructions, training: others)
    }

    /// What images are compared with: the grey ones where the model sees draws of them, as the mean of p(x | z) is grey.
    var seenImages: Preprocessing { preprocessing == .dynamic ? .grey : preprocessing }

    private func classifier(of source: any DataSource) throws -> FeatureClassifier {
        let training = FeatureClassifier.Training()
        var stage: Stage?
        return try FeatureClassifier.kept(for: source, preprocessing: seenImages, training: training) {
            if stage == nil { stage = self.stage("learn features", total: training.steps, unit: "step") }
            stage?.advance()
        }
    }

    /// Hands the images of a loader to `body` as they are stored.
    private func images(
        of loader: BatchLoader, _ title: String, _ body: (Batch) throws -> Void
    ) throws {
        var stage = stage(title, total: loader.source.count, unit: "image")
        for batch in loader.batches() {
            let batch = try batch.get()
            try body(batch)
            stage.advance(by: batch.count)
        }
    }
}
