import Bounds
import Datasets
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
        let draws = Resampling(weights.log() + 300, keeping: count, using: &generator).draws
        #expect(draws.shape == [count, 3])
        return draws.oneHot(classes: 3).sum(along: 0).transposed().converted(to: .float64)
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

    static let estimators = [GradientEstimator.reparameterized, .doublyReparameterized]
    static let moment = Moment(step: 1)

    static func objective(
        _ estimator: GradientEstimator = .reparameterized, keeping count: Int? = nil
    ) -> NegativeMultiSampleBound {
        NegativeMultiSampleBound(
            .importanceWeighted, estimator: estimator, warmUp: WarmUp(steps: 2), backwardSamples: count)
    }

    static func example() throws -> (model: GaussianVAE, x: Tensor) {
        var generator = Generator(seed: 5)
        let model = try GaussianVAE(
            .init(exampleShape: [6], latents: 2, network: .mlp(hidden: [4], activation: .tanh)),
            using: &generator)
        return (model, (generator.uniform([3, 6]) .< 0.5).converted(to: .float32))
    }

    /// The draws that an objective keeps of a trace.
    static func kept(_ count: Int, of trace: Trace) -> Tensor {
        var noise = trace.noisePerExample(named: "resampling")
        return Resampling(trace.logWeights(rateWeight: 0.5), keeping: count, using: &noise).draws
    }

    @Test("What is kept are those draws, and the loss is that of all", arguments: estimators)
    func values(_ estimator: GradientEstimator) throws {
        let (model, x) = try Self.example()
        let all = model.trace(x, samples: 9)
        let draws = Self.kept(4, of: all)
        let kept = all.replayed(draws: draws)
        #expect(kept.samples == 4)
        expectClose(
            kept.logWeights(), all.logWeights().gatheringElements(at: draws, along: 0), relative: 1e-5)
        expectClose(
            Self.objective(estimator, keeping: 4).loss(of: all, at: Self.moment),
            Self.objective(estimator).loss(of: all, at: Self.moment), relative: 1e-6)
        #expect(Self.objective(estimator).recordsWalk)
        #expect(!Self.objective(estimator, keeping: 4).recordsWalk)
    }

    /// The tolerance is for float32 sums of nine draws and of four.
    @Test("A first walk without gradients leaves the gradient of the kept draws' mean log weight")
    func gradient() throws {
        let (model, x) = try Self.example()
        let state = ModuleState(model)
        let draws = Self.kept(4, of: model.trace(x, samples: 9))
        let found = state.valueWithGradients {
            let objective = Self.objective(keeping: 4)
            return objective.loss(of: objective.trace(model, x, samples: 9, seed: 41), at: Self.moment)
        }
        let expected = state.valueWithGradients {
            let logWeights = model.trace(x, samples: 9).logWeights(rateWeight: 0.5)
            return -logWeights.gatheringElements(at: draws, along: 0).mean()
        }
        for (place, entry) in state.parameters.enumerated() {
            #expect((found.gradients[place] .!= 0).anyTrue(), "\(entry.key)")
            expectClose(
                found.gradients[place], expected.gradients[place], relative: 1e-4, absolute: 1e-5,
                "\(entry.key)")
        }
    }

    @Test("In a validation all draws count, and none is replayed", arguments: estimators)
    func validation(_ estimator: GradientEstimator) throws {
        let (model, x) = try Self.example()
        let all = model.trace(x, samples: 9)
        let objective = Self.objective(estimator, keeping: 4)
        let sums = objective.validationSums(of: all, at: Self.moment)
        expectClose(
            objective.validationLoss(of: sums, at: Self.moment), -all.importanceWeightedBound().mean(),
            relative: 1e-6)
    }
}

extension NegativeMultiSampleBound {
    /// The trace that a step of training makes for the objective.
    func trace(
        _ model: any LatentVariableModel, _ examples: Tensor, samples: Int, seed: UInt64
    ) -> Trace {
        let observation = Observation(Batch(examples), recordsEvidence: !recordsWalk)
        let walk = Walk.inference(of: observation, samples: samples, using: Generator(seed: seed))
        return recordsWalk ? model.trace(walk) : withoutGradients { model.trace(walk) }
    }
}
