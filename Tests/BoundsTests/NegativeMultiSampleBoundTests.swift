import Bounds
import Foundation
import Layers
import Models
import Tensors
import TestSupport
import Testing

@Suite("Objectives of log weights")
struct NegativeMultiSampleBoundTests {
    static func trace(samples: Int, seed: UInt64 = 5) throws -> Trace {
        var generator = Generator(seed: seed)
        let model = try GaussianVAE(
            .init(exampleShape: [6], latents: 2, network: .mlp(hidden: [4], activation: .tanh)),
            using: &generator)
        let x = (generator.uniform([3, 6]) .< 0.5).converted(to: .float32)
        return model.trace(x, samples: samples, seed: seed)
    }

    static func loss(
        _ objective: NegativeMultiSampleBound, _ trace: Trace, at moment: Moment = Moment()
    ) -> Tensor {
        objective.loss(of: trace, at: moment)
    }

    @Test("The loss is the batch mean of −log 1/K Σ w", arguments: [1, 2, 7])
    func loss(samples: Int) throws {
        let trace = try Self.trace(samples: samples)
        let weights = trace.logWeights().converted(to: .float64).exp()
        let expected = -weights.mean(along: 0).log().mean()
        expectClose(
            Self.loss(NegativeMultiSampleBound(.importanceWeighted), trace), expected, relative: 1e-6)
    }

    @Test("In a warm-up the ratio of prior and posterior counts β", arguments: [0, 1, 2, 4, 9])
    func warmUp(step: Int) throws {
        let trace = try Self.trace(samples: 4)
        let weight = min(1, Double(step) / 4)
        let site = trace.sites[0]
        let logWeights = trace.logLikelihood + (site.logPrior - site.logPosterior) * weight
        let expected = -(logWeights.converted(to: .float64).exp().mean(along: 0).log()).mean()
        let objective = NegativeMultiSampleBound(.importanceWeighted, warmUp: WarmUp(steps: 4))
        #expect(objective.rateWeight(at: Moment(step: step)) == weight)
        expectClose(Self.loss(objective, trace, at: Moment(step: step)), expected, relative: 1e-6)
    }

    @Test("With more draws it lies above the negative ELBO of the same draws, and never below")
    func order() throws {
        let trace = try Self.trace(samples: 50)
        let elbo = trace.logWeights().mean(along: 0)
        #expect((trace.importanceWeightedBound() .> elbo).allTrue())
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
        let trace = try Self.trace(samples: 4)
        let estimators: [GradientEstimator] =
            [.stickingTheLanding, .doublyReparameterized] + Baseline.allCases.map { .scoreFunction($0) }
        for (bound, _) in Self.handComputed where bound.parts < 4 {
            let plain = Self.loss(NegativeMultiSampleBound(bound), trace)
            for estimator in estimators {
                let found = Self.loss(NegativeMultiSampleBound(bound, estimator: estimator), trace)
                expectClose(found, plain, relative: 1e-6, "\(estimator)")
            }
        }
    }
}
