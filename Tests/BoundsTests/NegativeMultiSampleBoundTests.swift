import Bounds
import Foundation
import Layers
import Models
import Tensors
import TestSupport
import Testing

@Suite("Objectives of log weights")
struct NegativeMultiSampleBoundTests {
    static func terms(samples: Int, seed: UInt64 = 5) throws -> Terms {
        var generator = Generator(seed: seed)
        let model = try GaussianVAE(
            .init(exampleShape: [6], latents: 2, network: .mlp(hidden: [4], activation: .tanh)),
            using: &generator)
        let x = (generator.uniform([3, 6]) .< 0.5).converted(to: .float32)
        return model.terms(for: x, samples: samples, using: &generator)
    }

    static func loss(
        _ objective: NegativeMultiSampleBound, _ terms: Terms, at moment: Moment = Moment()
    ) -> Tensor {
        var noise = Generator(seed: 0)
        return objective.loss(of: terms, bound: terms.bound(), at: moment, using: &noise)
    }

    @Test("The loss is the batch mean of −log 1/K Σ w", arguments: [1, 2, 7])
    func loss(samples: Int) throws {
        let terms = try Self.terms(samples: samples)
        let weights = terms.logWeights().converted(to: .float64).exp()
        let expected = -weights.mean(along: 0).log().mean()
        expectClose(
            Self.loss(NegativeMultiSampleBound(.importanceWeighted), terms), expected, relative: 1e-6)
    }

    @Test("In a warm-up the ratio of prior and posterior counts β", arguments: [0, 1, 2, 4, 9])
    func warmUp(step: Int) throws {
        let terms = try Self.terms(samples: 4)
        let weight = min(1, Double(step) / 4)
        let group = terms.groups[0]
        let logWeights = terms.logLikelihood + (group.logPrior - group.logPosterior) * weight
        let expected = -(logWeights.converted(to: .float64).exp().mean(along: 0).log()).mean()
        let objective = NegativeMultiSampleBound(.importanceWeighted, warmUp: WarmUp(steps: 4))
        #expect(objective.rateWeight(atStep: step) == weight)
        expectClose(Self.loss(objective, terms, at: Moment(step: step)), expected, relative: 1e-6)
    }

    @Test("With more draws it lies above the negative ELBO of the same draws, and never below")
    func order() throws {
        let terms = try Self.terms(samples: 50)
        let elbo = terms.logWeights().mean(along: 0)
        #expect((terms.importanceWeightedBound() .> elbo).allTrue())
    }

    /// Weights 1, 3, 2, 6: the ELBO is ¼ log 36, the bound of all log 3, those of halves log 2 and log 4.
    static let handComputed: [(MultiSampleBound, Double)] = [
        (.elbo, log(36) / 4), (.importanceWeighted, log(3)), (MultiSampleBound(parts: 2), log(8) / 2),
        (MultiSampleBound(parts: 4), log(36) / 4),
        (MultiSampleBound(elboShare: 0.25), log(36) / 16 + 0.75 * log(3)),
        (MultiSampleBound(parts: 2, elboShare: 0.5), log(36) / 8 + log(8) / 4),
    ]

    @Test("ELBO, importance-weighted, in parts and combined by hand", arguments: handComputed)
    func byHand(_ row: (bound: MultiSampleBound, expected: Double)) {
        let logWeights = Tensor([1.0, 3, 2, 6], shape: [4, 1]).log()
        expectClose(row.bound(logWeights), Tensor([row.expected]), relative: 1e-14)
    }

    @Test("Whatever finds the gradient, the loss is the same")
    func values() throws {
        let terms = try Self.terms(samples: 4)
        let estimators: [GradientEstimator] =
            [.stickingTheLanding, .doublyReparameterized] + Baseline.allCases.map { .scoreFunction($0) }
        for (bound, _) in Self.handComputed where bound.parts < 4 {
            let plain = Self.loss(NegativeMultiSampleBound(bound), terms)
            for estimator in estimators {
                let found = Self.loss(NegativeMultiSampleBound(bound, estimator: estimator), terms)
                expectClose(found, plain, relative: 1e-6, "\(estimator)")
            }
        }
    }
}
