import Bounds
import Datasets
import Evaluation
import Foundation
import Probability
import Tensors
import TestSupport
import Testing

/// Estimates on the linear-Gaussian model with a posterior that is off, within 4 standard errors of their closed forms and
/// integrals.
///
/// They are of one example many times over, so that the errors are those of the draws.
@Suite("The linear-Gaussian model, evaluated")
struct ExactGaussianTests {
    static func example(_ place: Int, count: Int) -> Tensor {
        fiveExamples[.range(place..<(place + 1))].broadcast(to: [count, 3])
    }

    @Test("Bound, distortion and rate", arguments: 0..<5, [0, 1.0])
    func bound(place: Int, overlap: Double) {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5, overlap: overlap)
        let x = Self.example(place, count: 1)
        let posterior = model.posterior(of: x)
        let (mean, variance) = (posterior.mean, posterior.variance)
        let found = evaluate(model, Self.example(place, count: 2000), batches: [900, 1100])
        let elbo = (model.exactLogLikelihood(of: x) - model.divergence(of: posterior, from: x)).scalar()
        expect(found.elbo, is: elbo)
        let rate = ((variance + mean.squared() - 1 - variance.log()).sum() * 0.5).scalar()
        expectClose(found.rate.mean, rate, relative: 1e-12)
        expect(found.distortion, is: -elbo - rate)
    }

    @Test("The importance-weighted bound of 1, 10 and 100 draws, and each rise", arguments: [0, 3])
    func importanceWeighted(place: Int) throws {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
        let x = Self.example(place, count: 1)
        let posterior = model.posterior(of: x)
        let z = posterior.mean + posterior.standardDeviation * NormalPlane.points
        // log w = log p(x) + log p(z | x) − log q(z | x).
        let logRatios =
            model.exactPosterior(of: x).logProbability(of: z) - posterior.logProbability(of: z)
        let exact = [1, 10, 100].map { draws in
            model.exactLogLikelihood(of: x).scalar()
                + expectedLogMean(
                    of: logRatios.expanded(at: 1),
                    probabilities: NormalPlane.probabilities.expanded(at: 1), draws: draws
                ).mean().scalar()
        }
        let curve = evaluate(model, Self.example(place, count: 2000), importanceSamples: 100).likelihoodCurve
        for (point, value) in zip(curve, exact) { expect(point.logLikelihood, is: value) }
        for place in [1, 2] {
            expect(try #require(curve[place].rise), is: exact[place] - exact[place - 1])
        }
    }

    @Test("The mean weight of annealed chains is p(x), with dependent units as well", arguments: [0, 1.0])
    func annealing(overlap: Double) throws {
        let model = LinearGaussianModel(overlap: overlap)
        let batch = fiveExamples(times: 60)
        var sampling = AnnealedImportanceSampling()
        sampling.steps = 40
        sampling.chains = 8
        var estimator = AnnealedEstimator(model, sampling, noise: Generator(seed: 5))
        try estimator.add(batch)
        let weights = (Tensor(estimator.logLikelihoods) - model.exactLogLikelihood(of: batch.examples)).exp()
        let estimate = Estimate(of: weights.array())
        #expect(estimate.standardError < 0.05)
        expect(estimate, is: 1)
    }

    @Test("Reconstruction, cross-entropy of the prior and entropy of the encoder")
    func code() throws {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
        var estimator = SurgeryEstimator(model, noise: Generator(seed: 9))
        for batch in fiveExamples(times: 400).cut([1000, 1000]) { try estimator.add(batch) }
        let found = estimator.result(split: "test")
        let posterior = model.posterior(of: fiveExamples)
        let constant = log(2 * Double.pi)
        let crossEntropy =
            ((posterior.variance + posterior.mean.squared()).sum(along: 1) * 0.5).mean().scalar() + constant
        let entropy = 1 + constant + (posterior.logVariance.sum(along: 1) * 0.5).mean().scalar()
        let elbo =
            (model.exactLogLikelihood(of: fiveExamples) - model.divergence(of: posterior, from: fiveExamples))
            .mean().scalar()
        expect(found.priorCrossEntropy, is: crossEntropy)
        expect(found.encoderEntropy, is: entropy)
        expect(found.reconstruction, is: elbo + crossEntropy - entropy)
    }
}
