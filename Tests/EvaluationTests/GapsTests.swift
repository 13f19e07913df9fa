import Bounds
import Evaluation
import Models
import Probability
import Tensors
import TestSupport
import Testing

@Suite("Refinement and gaps")
struct GapsTests {
    static func refinement() -> Refinement {
        var refinement = Refinement()
        refinement.steps = 300
        refinement.samples = 20
        return refinement
    }

    /// In a simulation of the same steps the means come within 0.025, the log-variances within 0.05.
    @Test("A posterior that is off is brought back to the exact one")
    func recovery() throws {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
        var noise = Generator(seed: 3)
        let joint = try LatentJoint(model, fiveExamples, classes: nil, using: &noise)
        let start = try joint.diagonalPosterior()
        let found = Self.refinement().refined(start, for: joint, using: &noise)
        let exact = model.exactPosterior(of: fiveExamples)
        expectClose(found.mean, exact.mean, absolute: 0.06)
        expectClose(found.logVariance, exact.logVariance, absolute: 0.12)
        // The start is the encoder's own, which has not moved.
        expectClose(start.mean, model.posterior(of: fiveExamples).mean)
    }

    @Test("The family holds the posterior, so that the encoder is to blame for all of the gap")
    func gaps() throws {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
        let x = fiveExamples.broadcast(to: [8, 5, 3]).reshaped([40, 3])
        var noise = Generator(seed: 3)
        var bounds = RefinedBounds()
        for range in [0..<25, 25..<40] {
            try bounds.add(
                model, x[.range(range)], refinement: Self.refinement(), samples: 400, using: &noise)
        }
        let found = Gaps(split: "test", steps: 300, samples: 400, of: bounds)
        #expect(found.examples == 40 && found.steps == 300 && found.samples == 400)
        let exact = model.exactLogLikelihood(of: x)
        let divergence = try #require(
            model.posterior(of: x).klDivergence(to: model.exactPosterior(of: x)))
        expectMean(
            ofDraws: Tensor(bounds.elbos) - (exact - divergence), is: Tensor(0, dtype: .float64), within: 4)
        // Refinement leaves less than 0.006 nats.
        #expect(found.approximationGap.mean >= 0)
        expectClose(found.approximationGap.mean, 0, absolute: 0.006)
        expect(found.amortizationGap, is: divergence.mean().scalar(), slack: 0.006)
        expectClose(Tensor(bounds.logLikelihoods), exact, absolute: 0.03)
        expectClose(
            found.elbo.mean + found.amortizationGap.mean + found.approximationGap.mean,
            found.logLikelihood.mean, relative: 1e-12)
    }

    @Test("With the exact posterior there is no gap, and refinement adds none that matters")
    func exact() throws {
        let model = LinearGaussianModel()
        var noise = Generator(seed: 3)
        var bounds = RefinedBounds()
        try bounds.add(
            model, fiveExamples, refinement: Self.refinement(), samples: 100, using: &noise)
        expectClose(Tensor(bounds.elbos), model.exactLogLikelihood(of: fiveExamples), relative: 1e-12)
        for (refined, own) in zip(bounds.refinedELBOs, bounds.elbos) { #expect(abs(refined - own) < 0.05) }
    }

    @Test("Models whose posterior cannot be replaced are refused by name")
    func refusals() throws {
        var generator = Generator(seed: 1)
        var configuration = GaussianVAE.Configuration(
            exampleShape: [4], latents: 2, network: .mlp(hidden: [3]))
        configuration.posterior = .full
        let full = try GaussianVAE(configuration, using: &generator)
        var bounds = RefinedBounds()
        var noise = Generator(seed: 2)
        #expect(throws: EvaluationError.posteriorNotDiagonal) {
            try bounds.add(full, .ones([2, 4]), refinement: Refinement(), samples: 2, using: &noise)
        }
        #expect(throws: EvaluationError.severalGroups) {
            try bounds.add(
                LinearGaussianModel(groupSizes: [1, 1]), fiveExamples, refinement: Refinement(), samples: 2,
                using: &noise)
        }
    }

    @Test("A model in float32 whose data carry noise is refined as well")
    func dequantized() throws {
        var generator = Generator(seed: 1)
        var configuration = GaussianVAE.Configuration(
            exampleShape: [4], latents: 2, network: .mlp(hidden: [3]))
        configuration.likelihood = .gaussian(variance: .fixed(0.01))
        configuration.dequantization = .uniform
        let model = try GaussianVAE(configuration, using: &generator)
        var bounds = RefinedBounds()
        try bounds.add(
            model, .ones([3, 4]), refinement: Refinement(), samples: 50, using: &generator)
        #expect(bounds.refinedELBOs.count == 3)
        #expect(zip(bounds.refinedELBOs, bounds.elbos).allSatisfy { $0 > $1 })
    }
}
