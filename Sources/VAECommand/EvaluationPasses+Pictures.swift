import CommandLineKit
import VAE

extension EvaluationPasses {
    /// How far units stand for the factors of the examples, whose values are given.
    func disentanglement(values: [[Int]], of factors: [KnownFactor]) throws -> Disentanglement {
        var codes: [Double] = []
        try pass("encode") { x, classes in
            codes += input.trained.encode(x, classes: classes).codes.array(of: Double.self)
        }
        let settings = Disentanglement.Settings()
        let bar = bar("disentangle", total: settings.steps, unit: "part")
        defer { bar.finish() }
        var noise = seed.child(7)
        return try Disentanglement(
            of: FactorCodes(codes, unitCount: codes.count / values.count, values: values, of: factors),
            settings: settings, using: &noise
        ) { bar.advance() }
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
        var noise = seed.child(8)
        let trained = input.trained
        try images(of: loader, "images") { examples, labels in
            data.add(seenImages.apply(to: examples, using: &noise), classes: labels)
            let x = input.preprocessing.apply(to: examples, using: &noise)
            reconstructions.add(trained.reconstruct(x, classes: labels))
            samples.add(
                trained.samples(x.size(along: 0), classes: labels, using: &noise).examples)
        }
        var others: ImageTraits?
        if let training {
            var traits = ImageTraits(classifier)
            try images(of: try BatchLoader(training, batchSize: loader.batchSize), "training images") {
                traits.add(seenImages.apply(to: $0, using: &noise), classes: $1)
            }
            others = traits
        }
        return try RealismEstimator(data).result(
            split: split, samples: samples, reconstructions: reconstructions, training: others)
    }

    /// What images are compared with: the grey ones where the model sees draws of them, as the mean of p(x | z) is grey.
    var seenImages: Preprocessing { input.preprocessing == .dynamic ? .grey : input.preprocessing }

    private func classifier(of source: any DataSource) throws -> FeatureClassifier {
        let training = FeatureClassifier.Training()
        var bar: ProgressBar?
        defer { bar?.finish() }
        return try FeatureClassifier.kept(for: source, preprocessing: seenImages, training: training) {
            let shown = bar ?? self.bar("learn features", total: training.steps, unit: "step")
            bar = shown
            shown.advance()
        }
    }

    /// Hands the images of a loader to `body` as they are stored, with their classes.
    private func images(
        of loader: BatchLoader, _ title: String, _ body: (Tensor, [Int]?) throws -> Void
    ) throws {
        let bar = bar(title, total: loader.source.count, unit: "image")
        for batch in loader.batches() {
            let batch = try batch.get()
            try body(batch.examples, batch.labels)
            bar.advance(by: batch.indices.count)
        }
        bar.finish()
    }
}
