import Bounds
import Layers
import Models
import Tensors
import TestSupport
import Testing

@Suite("Resampling of draws")
struct ResamplingTests {
    /// Three draws of three examples; those of the first and the last are whole numbers of quarters.
    static let weights = Tensor([0.5, 0.25, 0.25, 0.1, 0.6, 0.3, 0, 1, 0], shape: [3, 3]).transposed()

    static func counts(keeping count: Int, seed: UInt64) -> Tensor {
        var generator = Generator(seed: seed)
        // Up to a constant.
        let places = Resampling(weights.log() + 300, keeping: count, using: &generator).places
        #expect(places.shape == [count, 3])
        return places.oneHot(classes: 3).sum(along: 0).transposed().converted(to: .float64)
    }

    @Test("Weights that are whole numbers of marks keep their draws so often, whatever the noise")
    func whole() {
        for seed in 0..<50 {
            let counts = Self.counts(keeping: 4, seed: UInt64(seed))
            expectClose(counts[.all, 0], Tensor([2.0, 1, 1]))
            expectClose(counts[.all, 2], Tensor([0.0, 4, 0]))
        }
    }

    @Test("Every draw is kept as often as its weight says, and never one more or less", arguments: [1, 2, 7])
    func frequency(_ count: Int) {
        let counts = Tensor.stacked((0..<2000).map { Self.counts(keeping: count, seed: UInt64($0)) })
        #expect(((counts - Self.weights * Double(count)).magnitude() .< 1).allTrue())
        expectMean(ofDraws: counts, is: Self.weights * Double(count), within: 4)
    }

    @Test("What is kept are the terms of those draws, and the loss is that of all")
    func terms() throws {
        var generator = Generator(seed: 5)
        let model = try GaussianVAE(
            .init(exampleShape: [6], latents: 2, network: .mlp(hidden: [4], activation: .tanh)),
            using: &generator)
        let x = (generator.uniform([3, 6]) .< 0.5).converted(to: .float32)
        let (all, kept) = model.terms(
            for: x, samples: 9, keeping: 4, rateWeight: 0.5, using: &generator)
        let places = try #require(kept.resampling).places
        expectClose(
            kept.logWeights(), all.logWeights().gatheringElements(at: places, along: 0), relative: 1e-5)
        for estimator in [GradientEstimator.reparameterized, .doublyReparameterized] {
            let objective = NegativeMultiSampleBound(
                .importanceWeighted, estimator: estimator, warmUp: WarmUp(steps: 2))
            func loss(_ terms: Terms) -> Tensor {
                NegativeMultiSampleBoundTests.loss(objective, terms, at: Moment(step: 1))
            }
            expectClose(loss(kept), loss(all), relative: 1e-6)
        }
    }
}
