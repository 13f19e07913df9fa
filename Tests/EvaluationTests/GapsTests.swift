import Bounds
import Datasets
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
        let joint = try LatentJoint(model, Batch(fiveExamples))
        let start = try #require(try joint.refinablePosterior() as? DiagonalGaussian)
        let found = Self.refinement().refined(start, for: joint, using: Generator(seed: 3))
        let exact = model.exactPosterior(of: fiveExamples)
        expectClose(found.mean, exact.mean, absolute: 0.06)
        expectClose(found.logVariance, exact.logVariance, absolute: 0.12)
        // The start is the encoder's own, which has not moved.
        expectClose(start.mean, model.posterior(of: fiveExamples).mean)
    }

    /// Where the exact posterior's units depend on one another, log p(x) − ELBO(q*) is ½ log (Λ_11 Λ_22 / det Λ) = 0.206.
    ///
    /// In a simulation of 200 refinements the worst came within 0.008 nats, a mean within 0.035, a log-variance within 0.09.
    @Test(
        "Whatever optimiser, it finds the best Gaussian with independent units",
        arguments: Refinement.Rule.allCases)
    func best(_ rule: Refinement.Rule) throws {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5, overlap: 1)
        let joint = try LatentJoint(model, Batch(fiveExamples))
        let start = try #require(try joint.refinablePosterior() as? DiagonalGaussian)
        var refinement = Self.refinement()
        refinement.optimizer = rule
        if rule == .sgd { refinement.learningRate = 0.01 }
        let found = refinement.refined(start, for: joint, using: Generator(seed: 3))
        let best = model.bestPosterior(of: fiveExamples)
        expectClose(found.mean, best.mean, absolute: 0.08)
        expectClose(found.logVariance, best.logVariance, absolute: 0.2)
        let gap = model.divergence(of: best, from: fiveExamples)
        expectClose(gap, Tensor(repeating: 0.20639856, shape: [5], dtype: .float64), absolute: 1e-7)
        let excess = model.divergence(of: found, from: fiveExamples) - gap
        #expect((excess .>= 0).allTrue() && (excess .< 0.015).allTrue(), "\(excess)")
        #expect((model.divergence(of: start, from: fiveExamples) .> 1.4).allTrue())
    }

    /// What refinement leaves, 0.002 nats at most in the mean of the simulation, is the slack.
    @Test("Both gaps are within 4 standard errors where the family does not hold the posterior")
    func bothGaps() throws {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5, overlap: 1)
        let batch = fiveExamples(times: 20)
        let x = batch.examples
        var bounds = RefinedBounds()
        for part in batch.cut([60, 40]) {
            try bounds.add(
                model, part, refinement: Self.refinement(), samples: 400, using: Generator(seed: 4))
        }
        let exact = model.exactLogLikelihood(of: x)
        let own = model.divergence(of: model.posterior(of: x), from: x)
        let best = model.divergence(of: model.bestPosterior(of: x), from: x).mean().scalar()
        func expectDifference(_ found: [Double], _ expected: Tensor, slack: Double) {
            expect(Estimate(of: (Tensor(found) - expected).array()), is: 0, slack: slack)
        }
        expectDifference(bounds.elbos, exact - own, slack: 0)
        expectDifference(bounds.refinedELBOs, exact - best, slack: 0.002)
        // 400 draws leave half of a 400th of their weights' variance, 0.0007.
        expectDifference(bounds.logLikelihoods, exact, slack: 0.002)
        let found = Gaps(split: "test", steps: 300, samples: 400, of: bounds)
        expect(found.approximationGap, is: best, slack: 0.004)
        expect(found.amortizationGap, is: own.mean().scalar() - best, slack: 0.002)
    }

    @Test("A Gaussian of any covariance closes the gap that independent units leave", arguments: [0, 1])
    func covariance(directions: Int) throws {
        let model = Correlated(directions: directions)
        let joint = try LatentJoint(model, Batch(fiveExamples))
        let refined = Self.refinement().refined(
            try joint.refinablePosterior(), for: joint, using: Generator(seed: 5))
        // The mean of log p(x | z) p(z) / q(z) over draws of q is the ELBO, and its gap to log p(x) the excess.
        let trace = joint.trace(refined, samples: 4000, using: Generator(seed: 6))
        let excess = model.base.exactLogLikelihood(of: fiveExamples) - trace.logWeights()
        let mean = excess.mean(along: 0)
        let errors = (excess.variance(along: 0) / 4000).squareRoot()
        #expect((mean .< errors * 4 + 0.015).allTrue(), "\(mean)")
    }

    @Test("The family holds the posterior, so that the encoder is to blame for all of the gap")
    func gaps() throws {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
        let batch = fiveExamples(times: 8)
        let x = batch.examples
        var bounds = RefinedBounds()
        for part in batch.cut([25, 15]) {
            try bounds.add(
                model, part, refinement: Self.refinement(), samples: 400, using: Generator(seed: 3))
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
        var bounds = RefinedBounds()
        try bounds.add(
            model, Batch(fiveExamples), refinement: Self.refinement(), samples: 100,
            using: Generator(seed: 3))
        expectClose(Tensor(bounds.elbos), model.exactLogLikelihood(of: fiveExamples), relative: 1e-12)
        for (refined, own) in zip(bounds.refinedELBOs, bounds.elbos) { #expect(abs(refined - own) < 0.05) }
    }

    @Test("Models whose posterior cannot be replaced are refused by name")
    func refusals() throws {
        var generator = Generator(seed: 1)
        var configuration = GaussianVAE.Configuration(
            exampleShape: [4], latents: 2, network: .mlp(hidden: [3]))
        configuration.posterior = .planar(layers: 2)
        let planar = try GaussianVAE(configuration, using: &generator)
        var bounds = RefinedBounds()
        let noise = Generator(seed: 2)
        #expect(throws: EvaluationError.posteriorNotRefinable) {
            try bounds.add(
                planar, Batch(.ones([2, 4])), refinement: Refinement(), samples: 2, using: noise)
        }
        #expect(throws: EvaluationError.severalGroups) {
            try bounds.add(
                LinearGaussianModel(groupSizes: [1, 1]), Batch(fiveExamples), refinement: Refinement(),
                samples: 2, using: noise)
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
            model, Batch(.ones([3, 4])), refinement: Refinement(), samples: 50, using: generator)
        #expect(bounds.refinedELBOs.count == 3)
        #expect(zip(bounds.refinedELBOs, bounds.elbos).allSatisfy { $0 > $1 })
    }
}

/// The toy whose exact posterior has dependent units, with an encoder that gives Gaussians of a full covariance, or of one
/// direction of it, which begins small.
private final class Correlated: LatentVariableModel {
    let base = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5, overlap: 1)
    private let directions: Int

    init(directions: Int) { self.directions = directions }

    func callAsFunction(_ walk: Walk) -> any Distribution {
        base.likelihood(
            of: walk.latent("z", prior: base.prior, posterior: walk.evidence { posterior(of: $0) }))
    }

    private func posterior(of x: Tensor) -> any Distribution {
        let diagonal = base.posterior(of: x)
        guard directions > 0 else {
            return FullGaussian(mean: diagonal.mean, factor: diagonal.standardDeviation.diagonalMatrix())
        }
        let small = Tensor([0.1, -0.1], shape: [2, 1]).broadcast(to: [x.size(along: 0), 2, 1])
        return LowRankGaussian(mean: diagonal.mean, logVariance: diagonal.logVariance, directions: small)
    }
}
