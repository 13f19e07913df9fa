import Bounds
import Datasets
import Evaluation
import Layers
import Tensors
import TestSupport
import Testing

/// Repeats are few, as each is the mean over fifty examples.
@Suite("Gradients measured")
struct GradientReportTests {
    /// All that a latent can have.
    private static let traits = Set(LatentTrait.allCases)

    private func report(
        _ model: SlopeModel, _ bound: GradientReport.BoundName, samples: Int
    ) throws -> GradientReport {
        var measurement = GradientMeasurement()
        measurement.bound = bound
        measurement.samples = samples
        measurement.repeats = 200
        measurement.referenceRepeats = 1000
        return try measurement.report(
            of: model, on: Batch(SlopeModel.x), split: "test",
            estimators: measurement.estimators(for: Self.traits).suitable, noise: Generator(seed: 3))
    }

    private func row(_ name: String, of report: GradientReport) throws -> GradientReport.Row {
        try #require(report.rows.first { $0.name == name }, "\(name)")
    }

    /// Draws of the encoder's gradient of −ELBO from two draws of z for each example.
    private func source(
        _ model: SlopeModel, _ estimator: GradientEstimator, averageLoss: Double = 2
    ) -> GradientComparison.Source {
        let encoder = ModuleState(model).keeping(["encoder"])
        let objective = NegativeMultiSampleBound(.elbo, estimator: estimator)
        return { noise in
            let (loss, gradients) = encoder.valueWithGradients {
                objective.loss(
                    of: model.trace(of: Batch(SlopeModel.x), samples: 2, using: noise),
                    at: Moment(averageLoss: averageLoss))
            }
            return GradientDraw(loss: loss, gradients: gradients)
        }
    }

    /// The exact gradient takes the place of the reference, and has no error.
    private func comparisonWithExact(_ model: SlopeModel) -> GradientComparison {
        let exact = model.exactGradient(on: SlopeModel.x)
        return GradientComparison(
            reference: { _ in GradientDraw(loss: Tensor(0, dtype: .float64), gradients: exact) }, draws: 4,
            noise: Generator(seed: 5))
    }

    @Test("Estimators without bias lie within four standard errors of the exact gradient")
    func unbiased() throws {
        let model = SlopeModel()
        let estimators: [GradientEstimator] =
            [.reparameterized, .stickingTheLanding] + Baseline.allCases.map { .scoreFunction($0) }
        var comparison = comparisonWithExact(model)
        let result = comparison.compare(estimators.map { source(model, $0) }, repeats: 400)
        let exact = Tensor.concatenated(model.exactGradient(on: SlopeModel.x), along: 0)
        expectClose(
            try #require(result.norm), exact.squared().sum().squareRoot().scalar(), relative: 1e-12)
        for (estimator, found) in zip(estimators, result.findings) {
            #expect(abs(found.bias.mean) < 4 * found.bias.standardError, "\(estimator): \(found.bias)")
            #expect(found.variance.mean > 0)
        }
    }

    /// Forgetting that z moves with φ leaves the mean of a score, which is zero: the bias is the whole gradient.
    @Test("Ignoring the distribution's own dependence is seen as a bias, and its size is found")
    func ignoringDependence() throws {
        let model = SlopeModel()
        let wrong = SlopeModel()
        wrong.cutsDraws = true
        var comparison = comparisonWithExact(model)
        let result = comparison.compare([source(wrong, .reparameterized)], repeats: 200)
        let bias = result.findings[0].bias
        #expect(bias.mean > 20 * bias.standardError, "\(bias)")
        expectClose(bias.mean, try #require(result.norm), absolute: 4 * bias.standardError)
    }

    @Test("The variance is the sum of the variances of all elements")
    func variance() throws {
        // Two elements of a gradient with variances 4 and 9.
        let source: GradientComparison.Source = { noise in
            var noise = noise
            let draws = noise.normal([2], dtype: .float64) * Tensor([2.0, 3]) + Tensor([5.0, 0])
            return GradientDraw(loss: Tensor(1, dtype: .float64), gradients: [draws])
        }
        let found = GradientComparison.spread(of: source, repeats: 2000, noise: Generator(seed: 1))
        expectClose(found.variance.mean, 13, absolute: 4 * found.variance.standardError)
        // The variance of a squared distance is 2 (4² + 9²).
        expectClose(found.variance.standardError, (194.0 / 1000).squareRoot(), relative: 0.2)
        expectClose(try #require(found.norm), 5, absolute: 0.4)
        expectClose(try #require(found.signalToNoise), 5 / 13.0.squareRoot(), relative: 0.15)
    }

    /// Halves on opposite sides of zero: their product is negative, whatever the gradient.
    @Test("A gradient that is not seen above the noise has no norm, rather than none at all")
    func unseen() {
        var count = 0
        let found = GradientComparison.spread(
            of: { noise in
                var noise = noise
                count += 1
                let side = Tensor([count <= 5 ? 1.0 : -1]) + noise.normal([1], dtype: .float64) * 0.1
                return GradientDraw(loss: Tensor(1, dtype: .float64), gradients: [side])
            }, repeats: 10, noise: Generator(seed: 1))
        #expect(found.norm == nil && found.signalToNoise == nil)
        #expect(found.variance.mean > 0)
    }

    @Test("Of the ELBO all estimators are without bias, and those of paths have the least noise")
    func elbo() throws {
        let found = try report(SlopeModel(), .elbo, samples: 4)
        #expect(
            found.rows.map(\.name) == [
                "reparameterized", "stl", "score", "score, running-mean", "score, leave-one-out",
                "analytic-rate",
            ])
        for row in found.rows { #expect(abs(row.zScore) < 4, "\(row)") }
        let noise = try ["stl", "reparameterized", "score, leave-one-out", "score"].map {
            try row($0, of: found).variance.mean
        }
        #expect(noise == noise.sorted(), "\(noise)")
        let others = try #require(found.others)
        let norm = try #require(others.norm)
        #expect(norm > 0 && others.variance.mean > 0)
    }

    @Test("Under importance weights sticking the landing is biased, and no other is")
    func importanceWeights() throws {
        let found = try report(SlopeModel(), .iwae, samples: 8)
        for row in found.rows {
            #expect(row.estimator == "stl" ? row.zScore > 20 : abs(row.zScore) < 4, "\(row)")
        }
        #expect(try row("dreg", of: found).variance.mean < row("reparameterized", of: found).variance.mean)
    }

    /// The plain gradient's ratio falls with √k, the doubly reparameterised one's rises: arXiv:1810.04152, section 5.
    @Test("With more draws the plain gradient drowns in noise, the doubly reparameterised one does not")
    func signalToNoise() throws {
        let few = try report(SlopeModel(), .iwae, samples: 4)
        let many = try report(SlopeModel(), .iwae, samples: 32)
        func ratios(_ name: String) throws -> [Double] {
            try [few, many].map { try #require(try row(name, of: $0).signalToNoise) }
        }
        let plain = try ratios("reparameterized")
        let doubly = try ratios("dreg")
        #expect(plain[1] < 0.7 * plain[0], "\(plain)")
        #expect(doubly[1] > doubly[0], "\(doubly)")
        #expect(doubly[1] > 5 * plain[1], "\(doubly) \(plain)")
    }

    @Test("At the exact posterior sticking the landing has no noise, and the plain gradient has some")
    func exactPosterior() throws {
        let found = try report(.exact(), .elbo, samples: 1)
        #expect(try row("stl", of: found).variance.mean < 1e-20)
        #expect(try row("reparameterized", of: found).variance.mean > 1e-4)
        // The only draw of an example leaves no others.
        #expect(!found.rows.contains { $0.baseline == "leave-one-out" || $0.estimator == "dreg" })
    }

    @Test("What the latents do not allow is left out, and told")
    func suitable() {
        let found = GradientMeasurement().estimators(for: [.hasPrior])
        #expect(found.suitable == [.reparameterized])
        #expect(found.missing == [.isKnownEverywhere, .dependsOnExamplesAlone, .isDetachable])
    }

    @Test("Progress is told of as many gradients as were announced")
    func progress() throws {
        var measurement = GradientMeasurement()
        (measurement.repeats, measurement.referenceRepeats) = (5, 6)
        let estimators = measurement.estimators(for: Self.traits).suitable
        var count = 0
        _ = try measurement.report(
            of: SlopeModel(), on: Batch(SlopeModel.x), split: "test", estimators: estimators,
            noise: Generator(seed: 1)
        ) { count += 1 }
        #expect(count == measurement.drawCount(for: estimators.count))
    }

    @Test("A model without weights of an encoder alone is refused")
    func withoutEncoder() {
        #expect(throws: EvaluationError.noEncoder) {
            _ = try GradientMeasurement().report(
                of: LinearGaussianModel(), on: Batch(fiveExamples), split: "test", estimators: [],
                noise: Generator(seed: 1))
        }
    }
}
