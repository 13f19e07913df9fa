import Bounds
import Layers
import Models
import Tensors
import TestSupport
import Testing

@Suite("The importance-weighted objective")
struct NegativeImportanceWeightedBoundTests {
    static func terms(samples: Int, seed: UInt64 = 5) throws -> Terms {
        var generator = Generator(seed: seed)
        let model = try GaussianVAE(
            .init(exampleShape: [6], latents: 2, network: .mlp(hidden: [4], activation: .tanh)),
            using: &generator)
        let x = (generator.uniform([3, 6]) .< 0.5).converted(to: .float32)
        return model.terms(for: x, samples: samples, using: &generator)
    }

    @Test("The loss is the batch mean of −log 1/K Σ w", arguments: [1, 2, 7])
    func loss(samples: Int) throws {
        let terms = try Self.terms(samples: samples)
        let weights = terms.logWeights().converted(to: .float64).exp()
        let expected = -weights.mean(along: 0).log().mean()
        let loss = NegativeImportanceWeightedBound().loss(of: terms, bound: terms.bound(), atStep: 0)
        expectClose(loss, expected, relative: 1e-6)
    }

    @Test("In a warm-up the ratio of prior and posterior counts β", arguments: [0, 1, 2, 4, 9])
    func warmUp(step: Int) throws {
        let terms = try Self.terms(samples: 4)
        let weight = min(1, Double(step) / 4)
        let group = terms.groups[0]
        let logWeights = terms.logLikelihood + (group.logPrior - group.logPosterior) * weight
        let expected = -(logWeights.converted(to: .float64).exp().mean(along: 0).log()).mean()
        let objective = NegativeImportanceWeightedBound(warmUp: WarmUp(steps: 4))
        #expect(objective.rateWeight(atStep: step) == weight)
        expectClose(objective.loss(of: terms, bound: terms.bound(), atStep: step), expected, relative: 1e-6)
    }

    @Test("With more draws it lies above the negative ELBO of the same draws, and never below")
    func order() throws {
        let terms = try Self.terms(samples: 50)
        let elbo = terms.logWeights().mean(along: 0)
        #expect((terms.importanceWeightedBound() .> elbo).allTrue())
    }
}
