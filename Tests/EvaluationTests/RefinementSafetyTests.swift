import Bounds
import Datasets
import Evaluation
import Probability
import Tensors
import TestSupport
import Testing

@Suite("Refinement that goes wrong")
struct RefinementSafetyTests {
    private let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5, overlap: 1)

    private func descent(learningRate: Double?) -> Refinement {
        var refinement = GapsTests.refinement()
        refinement.optimizer = .sgd
        refinement.learningRate = learningRate
        return refinement
    }

    @Test("Steps that lead to what is no number leave the encoder's posterior, and no gap of it")
    func divergence() throws {
        let refinement = descent(learningRate: 1e6)
        let joint = try LatentJoint(model, Batch(fiveExamples))
        let start = try #require(try joint.refinablePosterior() as? DiagonalGaussian)
        let found = refinement.refined(start, for: joint, using: Generator(seed: 3))
        expectClose(found.mean, start.mean)
        expectClose(found.logVariance, start.logVariance)
        var bounds = RefinedBounds()
        try bounds.add(
            model, Batch(fiveExamples), refinement: refinement, samples: 50, using: Generator(seed: 4))
        #expect(bounds.elbos.allSatisfy { $0.isFinite })
        expectClose(bounds.refinedELBOs, bounds.elbos, relative: 1e-12)
    }

    /// From 1e200, whose square is no number of float64, steps lead a long way, and to no bound that is finite.
    @Test("Each example is judged by itself")
    func oneOfFive() throws {
        let joint = try LatentJoint(model, Batch(fiveExamples))
        let encoded = try #require(try joint.refinablePosterior() as? DiagonalGaussian)
        let isFirst = Tensor([1.0, 0, 0, 0, 0], shape: [5, 1]) .> 0
        let far = Tensor(repeating: 1e200, shape: [5, 2], dtype: .float64)
        let start = DiagonalGaussian(
            mean: encoded.mean.replacing(with: far, where: isFirst), logVariance: encoded.logVariance)
        let found = descent(learningRate: 0.01).refined(start, for: joint, using: Generator(seed: 3))
        expectClose(found.mean[.at(0)], start.mean[.at(0)])
        expectClose(found.logVariance[.at(0)], start.logVariance[.at(0)])
        let others = fiveExamples[.range(1..<5)]
        let refined = DiagonalGaussian(
            mean: found.mean[.range(1..<5)], logVariance: found.logVariance[.range(1..<5)])
        let gap = model.divergence(of: model.bestPosterior(of: others), from: others)
        #expect((model.divergence(of: refined, from: others) - gap .< 0.015).allTrue())
    }

    /// In a simulation of 40 refinements the worst came within 0.007 nats.
    @Test("Gradient descent has a step length of its own, which closes the gap as well")
    func ownRate() throws {
        #expect(Refinement.Rule.sgd.learningRate < Refinement.Rule.adam.learningRate)
        let joint = try LatentJoint(model, Batch(fiveExamples))
        let start = try #require(try joint.refinablePosterior() as? DiagonalGaussian)
        let found = descent(learningRate: nil).refined(start, for: joint, using: Generator(seed: 3))
        let gap = model.divergence(of: model.bestPosterior(of: fiveExamples), from: fiveExamples)
        let excess = model.divergence(of: found, from: fiveExamples) - gap
        #expect((excess .< 0.03).allTrue(), "\(excess)")
    }
}
