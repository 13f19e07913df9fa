import Bounds
import Datasets
import Evaluation
import Foundation
import Models
import Probability
import Tensors
import TestSupport
import Testing

@Suite("ELBO surgery")
struct SurgeryTests {
    /// The parts, of examples in batches of a size.
    private func surgery(
        _ model: any LatentVariableModel, _ x: Tensor, batch: Int = 100, samples: Int = 1
    ) throws -> Surgery {
        var estimator = SurgeryEstimator(model, samples: samples, noise: Generator(seed: 9))
        let all = Batch(x)
        for start in stride(from: 0, to: all.count, by: batch) {
            try estimator.add(all[start..<min(start + batch, all.count)])
        }
        return estimator.result(split: "test")
    }

    /// As the five examples are repeated, their aggregated posterior is the mixture of five Gaussians in the plane, which
    /// the trapezoidal rule integrates to rounding.
    @Test(
        "Mutual information and divergence of five Gaussians are within 4 standard errors of their integrals")
    func integrals() throws {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
        let axis = Tensor.linearSpace(from: -8, to: 8, count: 321, dtype: .float64)
        let points = Tensor.stacked(
            [axis.expanded(at: 1).broadcast(to: [321, 321]), axis.broadcast(to: [321, 321])], along: -1
        ).reshaped([-1, 2])
        let volume = 0.05 * 0.05
        let each = model.posterior(of: fiveExamples).logProbability(of: points.expanded(at: 1))
        let aggregate = each.logSumExp(along: 1) - log(5)
        expectClose((aggregate.exp().sum() * volume).scalar(), 1, absolute: 1e-9)
        let information = (each.exp() * (each - aggregate.expanded(at: 1))).sum() * (volume / 5)
        let prior = model.prior.logProbability(of: points)
        let divergence = (aggregate.exp() * (aggregate - prior)).sum() * volume

        let x = fiveExamples(times: 400).examples
        let found = try #require(try surgery(model, x, samples: 4).aggregate)
        expect(found.mutualInformation, is: information.scalar())
        expect(found.priorDivergence, is: divergence.scalar())
        // Every batch holds each of the five as often as the whole does.
        expectClose(found.minibatches.map(\.bias.mean), [0, 0], absolute: 1e-12)
    }

    /// In the model's own distribution of x the exact posteriors mix to the prior.
    ///
    /// With 2,000 of them the mixture is off by 0.001 nats.
    @Test("With exact posteriors the information is that of x and z, and the prior fits")
    func population() throws {
        let model = LinearGaussianModel()
        var noise = Generator(seed: 4)
        let x = model.examples(2000, using: &noise)
        let found = try surgery(model, x)
        let aggregate = try #require(found.aggregate)
        // ½ log det(I + Wᵀ W / σ²), the log-variances of the posterior less those of the prior.
        let exact = model.exactPosterior(of: x[.range(0..<1)]).logVariance.sum().scalar() * -0.5
        expect(aggregate.mutualInformation, is: exact, slack: 0.005)
        expect(aggregate.priorDivergence, is: 0, slack: 0.005)
        expect(try #require(aggregate.residual), is: 0)
        // −log p(z) of a standard Gaussian in the plane, and the entropy of an exact posterior.
        expect(found.priorCrossEntropy, is: 1 + log(2 * Double.pi))
        expect(found.encoderEntropy, is: 1 + log(2 * Double.pi) - exact)
        #expect(aggregate.minibatches.map(\.size) == [100, 1000])
        #expect(aggregate.minibatches[0].bias.mean < 0)
        #expect(aggregate.minibatches[1].bias.mean > aggregate.minibatches[0].bias.mean)
        for minibatch in aggregate.minibatches {
            expectClose(
                minibatch.mutualInformation.mean - minibatch.bias.mean, aggregate.mutualInformation.mean,
                relative: 1e-9)
        }
    }

    @Test("The parts add up to the ELBO of the same draws")
    func identity() throws {
        let model = LinearGaussianModel(groupSizes: [2], meanShift: 0.4, logVarianceShift: 0.5)
        let found = try surgery(model, fiveExamples, samples: 3)
        let trace = model.trace(of: Batch(fiveExamples), samples: 3, using: Generator(seed: 9))
        let elbo = trace.logWeights().mean().scalar()
        let aggregate = try #require(found.aggregate)
        expectClose(
            found.reconstruction.mean - aggregate.mutualInformation.mean - aggregate.priorDivergence.mean,
            elbo, relative: 1e-12)
        expectClose(
            found.reconstruction.mean - found.priorCrossEntropy.mean + found.encoderEntropy.mean, elbo,
            relative: 1e-12)
    }

    @Test("Codes that do not overlap tell which example it is: log n, and log m by minibatches")
    func limits() throws {
        let model = LinearGaussianModel(logVarianceShift: -25)
        var noise = Generator(seed: 1)
        let x = model.examples(40, using: &noise)
        let aggregate = try #require(try surgery(model, x, batch: 10).aggregate)
        expectClose(aggregate.mutualInformation.mean, log(40), absolute: 1e-6)
        #expect(aggregate.minibatches.map(\.size) == [10])
        expectClose(aggregate.minibatches[0].mutualInformation.mean, log(10), absolute: 1e-6)
    }

    @Test("A posterior that is known at its own draws only, or several groups, leave the code alone")
    func obstacles() throws {
        var generator = Generator(seed: 1)
        var configuration = GaussianVAE.Configuration(
            exampleShape: [4], latents: 2, network: .mlp(hidden: [3]))
        configuration.posterior = .planar(layers: 2)
        let planar = try surgery(GaussianVAE(configuration, using: &generator), .ones([6, 4]), batch: 4)
        #expect(planar.aggregate == nil && planar.obstacle == .posteriorUnknownElsewhere)
        #expect(planar.examples == 6 && planar.encoderEntropy.mean.isFinite)
        let groups = try surgery(LinearGaussianModel(groupSizes: [1, 1]), fiveExamples)
        #expect(groups.aggregate == nil && groups.obstacle == .severalGroups)
        configuration.posterior = .deterministic
        configuration.prior = .none
        let autoencoder = try GaussianVAE(configuration, using: &generator)
        #expect(throws: EvaluationError.noLatent) { try surgery(autoencoder, .ones([6, 4])) }
    }

    @Test("A posterior that is an inverse autoregressive flow is compared, in float32")
    func flow() throws {
        var generator = Generator(seed: 1)
        var configuration = GaussianVAE.Configuration(
            exampleShape: [4], latents: 2, network: .mlp(hidden: [3]))
        configuration.posterior = .autoregressive(layers: 2, hidden: [8])
        let x = generator.uniform([12, 4])
        let found = try surgery(GaussianVAE(configuration, using: &generator), x, batch: 5, samples: 2)
        let aggregate = try #require(found.aggregate)
        #expect(aggregate.mutualInformation.mean <= log(12) + 1e-5)
        expectClose(
            aggregate.mutualInformation.mean + aggregate.priorDivergence.mean,
            found.priorCrossEntropy.mean - found.encoderEntropy.mean, absolute: 1e-9)
    }
}

/// Expects an estimate to be within 4 standard errors of a number, and some slack for a bias that is known.
func expect(
    _ estimate: Estimate, is exact: Double, slack: Double = 0,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expectClose(
        estimate.mean, exact, absolute: 4 * estimate.standardError + slack, sourceLocation: sourceLocation)
}
