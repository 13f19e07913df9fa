import Bounds
import Datasets
import Evaluation
import Foundation
import Models
import Probability
import Tensors
import TestSupport
import Testing

@Suite("Annealed importance sampling")
struct AnnealingTests {
    static func sampling(steps: Int = 60, chains: Int = 20) -> AnnealedImportanceSampling {
        var sampling = AnnealedImportanceSampling()
        sampling.steps = steps
        sampling.chains = chains
        return sampling
    }

    @Test("β rises from 0 to 1", arguments: [1, 2, 100])
    func schedule(steps: Int) {
        let schedule = Self.sampling(steps: steps).schedule
        #expect(schedule.count == steps + 1)
        #expect(schedule.first == 0 && schedule.last == 1)
        #expect(zip(schedule, schedule.dropFirst()).allSatisfy { $0 < $1 })
    }

    /// The log of the mean over 20 chains is too small by a fortieth of the variance of their log w.
    @Test("It finds log p(x) within 4 standard errors, whatever the encoder", arguments: [0.0, 3])
    func exact(shift: Double) throws {
        let model = LinearGaussianModel(meanShift: shift)
        var estimator = AnnealedEstimator(model, Self.sampling(), noise: Generator(seed: 5))
        for batch in fiveExamples(times: 20).cut([60, 40]) { try estimator.add(batch) }
        let found = Tensor(estimator.logLikelihoods).reshaped([20, 5])
        let exact = model.exactLogLikelihood(of: fiveExamples)
        let errors = (found.variance(along: 0) / 20).squareRoot()
        #expect((errors .< 0.2).allTrue())
        expectClose(
            (found.mean(along: 0) - exact) / (errors + 0.005), .zeros([5], dtype: .float64), absolute: 4)
        let result = estimator.result(split: "test")
        #expect(result.examples == 100 && result.steps == 60 && result.chains == 20)
        #expect((0.6...1).contains(result.acceptance))
        #expect((1...20).contains(result.effectiveChains))
    }

    /// Of a single step nothing is left but draws from the prior.
    @Test("With one step it is the mean of p(x | z) over draws from the prior")
    func oneStep() throws {
        let model = LinearGaussianModel()
        let joint = try LatentJoint(model, Batch(fiveExamples))
        let noise = Generator(seed: 2)
        let found = Self.sampling(steps: 1, chains: 4).run(joint, using: noise).logWeights
        let z = joint.sampleLatents(4, using: noise.child(named: "chains").child(named: "start"))
        expectClose(found, model.likelihood(of: z).logProbability(of: fiveExamples), relative: 1e-12)
    }

    @Test("A move leaves the annealed density as it is", arguments: [0.3, 1])
    func invariance(temperature: Double) throws {
        let model = LinearGaussianModel()
        let x = fiveExamples[.range(1..<2)]
        var noise = Generator(seed: 7)
        let joint = try LatentJoint(model, Batch(x))
        let target = AnnealedDensity(joint, noise: noise)
        // p(z) p(x | z)^β is Gaussian with precision 1 + β (s − 1), s that of the exact posterior.
        let posterior = model.exactPosterior(of: x)
        let full = (-posterior.logVariance).exp()
        let precision = (full - 1) * temperature + 1
        let mean = posterior.mean * full * temperature / precision
        let density = DiagonalGaussian(mean: mean, logVariance: -precision.log())
        var place = target.place(at: density.sample([4000], using: &noise))
        let length = Tensor([0.6])
        for step: UInt64 in 0..<3 {
            place =
                HamiltonianMove(length: length, steps: 4, temperature: temperature).applied(
                    to: place, of: target, using: noise.child(step)
                ).place
        }
        expectMean(ofDraws: place.z, is: mean, within: 4)
        expectMean(ofDraws: (place.z - mean).squared(), is: precision.reciprocal(), within: 4)
    }

    @Test("Chains are the same however examples are cut into batches")
    func batches() throws {
        func found(_ sizes: [Int]) throws -> [Double] {
            var estimator = AnnealedEstimator(
                LinearGaussianModel(), Self.sampling(steps: 10, chains: 4), noise: Generator(seed: 3))
            for batch in Batch(fiveExamples).cut(sizes) { try estimator.add(batch) }
            return estimator.logLikelihoods
        }
        expectClose(try found([1, 3, 1]), try found([5]), relative: 1e-9)
    }

    @Test("A VAE in float32 is annealed, with a prior of each class too", arguments: [0, 3])
    func float32(classes: Int) throws {
        var generator = Generator(seed: 1)
        var configuration = GaussianVAE.Configuration(
            exampleShape: [4], latents: 2, network: .mlp(hidden: [3]))
        configuration.classes = classes
        if classes > 0 { configuration.prior = .learned }
        let model = try GaussianVAE(configuration, using: &generator)
        var estimator = AnnealedEstimator(
            model, Self.sampling(steps: 10, chains: 100), noise: Generator(seed: 2))
        let x = Tensor([0, 1, 1, 0, 1, 0, 1, 1] as [Float], shape: [2, 4])
        let labels = classes == 0 ? nil : [2, 0]
        try estimator.add(Batch(x, classes: labels))
        // The mean of p(x | z) over draws of the prior, which an untrained encoder's weights are slower to find.
        let count = 100_000
        let exact = (0..<2).map { row in
            let trace = model.trace(
                .generation(
                    count, classes: labels.map { [Int](repeating: $0[row], count: count) },
                    using: generator.child(UInt64(row))))
            let logLikelihood = trace.likelihood.logProbability(of: x.selected(row, along: 0))
            return (logLikelihood.flattened().logSumExp(along: 0) - log(Double(count))).scalar()
        }
        // Both have standard errors below 0.01.
        expectClose(Tensor(estimator.logLikelihoods), Tensor(exact), absolute: 0.04)
    }
}
