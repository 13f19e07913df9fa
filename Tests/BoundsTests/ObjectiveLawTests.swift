import Bounds
import Datasets
import Layers
import Models
import Tensors
import TestSupport
import Testing

/// Laws that every objective keeps, over a table of all of them.
@Suite("Laws of objectives")
struct ObjectiveLawTests {
    /// Units of the model's latent.
    static let units = 3
    static let warmUp = WarmUp(steps: 4)
    /// In the midst of warm-up and capacity's growth, and long after.
    static let early = Moment(step: 1, stepsPerEpoch: 2, exampleCount: 20, averageLoss: 4)
    static let late = Moment(step: 99, stepsPerEpoch: 2, exampleCount: 20, averageLoss: 4)

    static let regularizers: [any Regularizer] = [
        WeightedRate(weight: 4), CapacityTarget(weight: 3, nats: 5, epochs: 4),
        FreeBits(nats: 0.1, scope: .unit), FreeBits(nats: 0.1, scope: .group), LatentWidth(weight: 3),
        DisentangledPrior(weight: 2, form: .means), DisentangledPrior(weight: 2, form: .draws),
        MeanDiscrepancy(weight: 30, rateWeight: 0.5),
        MeanDiscrepancy(weight: 30, rateWeight: 0, kernel: .gaussian),
        TotalCorrelation(weight: 3), TotalCorrelation(weight: 3, sampling: .stratified),
    ]

    static let bounds: [NegativeMultiSampleBound] = {
        let bounds: [MultiSampleBound] = [
            .elbo, .importanceWeighted, MultiSampleBound(parts: 2),
            MultiSampleBound(parts: 2, elboShare: 0.3),
        ]
        let estimators: [GradientEstimator] =
            [.reparameterized, .stickingTheLanding, .doublyReparameterized]
            + Baseline.allCases.map { .scoreFunction($0) }
        let plain = bounds.flatMap { bound in
            estimators.map { NegativeMultiSampleBound(bound, estimator: $0, warmUp: warmUp) }
        }
        let partial = NegativeMultiSampleBound(
            .importanceWeighted, inference: MultiSampleBound(parts: 2), warmUp: warmUp)
        let kept = [GradientEstimator.reparameterized, .doublyReparameterized].map {
            NegativeMultiSampleBound(.importanceWeighted, estimator: $0, warmUp: warmUp, backwardSamples: 2)
        }
        return plain + [partial] + kept
    }()

    /// How many objectives the table has; each is made anew, as some have a state.
    static let count = 1 + regularizers.count + bounds.count + 1

    static func objective(_ place: Int) -> any Objective {
        switch place {
        case 0: return NegativeELBO(warmUp: warmUp)
        case 1...regularizers.count: return RegularizedLoss(regularizers[place - 1], warmUp: warmUp)
        case count - 1:
            var weights = Generator(seed: 2)
            return FactorLoss(.init(weight: 3, hidden: [8]), warmUp: warmUp, units: units, using: &weights)
        default: return bounds[place - 1 - regularizers.count]
        }
    }

    /// Eight examples and a model, in float32.
    struct Example {
        let model: GaussianVAE
        let batch: Batch

        init() throws {
            var generator = Generator(seed: 5)
            model = try GaussianVAE(
                .init(
                    exampleShape: [6], latents: ObjectiveLawTests.units,
                    network: .mlp(hidden: [5], activation: .tanh)), using: &generator)
            // Away from a beginning at which rates are nearly nothing.
            for (_, parameter) in ModuleState(model).parameters {
                parameter.value = parameter.value + generator.normal(parameter.value.shape) * 0.5
            }
            let x = (generator.uniform([8, 6]) .< 0.5).converted(to: .float32)
            batch = Batch(x, indices: [4, 9, 2, 17, 0, 8, 5, 11])
        }

        /// The trace that a step of training makes.
        func trace(_ objective: any Objective, _ range: Range<Int> = 0..<8) -> Trace {
            let observation = Observation(batch[range], recordsEvidence: !objective.recordsWalk)
            let walk = Walk.inference(of: observation, samples: 4, using: Generator(seed: 3))
            return objective.recordsWalk ? model.trace(walk) : withoutGradients { model.trace(walk) }
        }
    }

    @Test("Only those which compare examples with one another declare so")
    func pairs() {
        for place in 0..<Self.count {
            let objective = Self.objective(place)
            let regularizer = (objective as? RegularizedLoss)?.regularizer
            let comparesPairs = regularizer is MeanDiscrepancy || regularizer is TotalCorrelation
            #expect((objective.coupling == .pairs) == comparesPairs, "\(objective)")
        }
    }

    /// The tolerances are for float32 sums in two orders.
    @Test("Sums of parts of a batch have the loss and the gradient of the whole", arguments: 0..<count)
    func parts(place: Int) throws {
        let objective = Self.objective(place)
        guard objective.coupling != .pairs else { return }
        let example = try Example()
        let state = ModuleState(example.model)
        for moment in [Self.early, Self.late, Self.early.final] {
            let whole = state.valueWithGradients {
                objective.loss(of: example.trace(objective), at: moment)
            }
            let parts = state.valueWithGradients {
                let sums = [0..<3, 3..<4, 4..<8].map {
                    objective.sums(of: example.trace(objective, $0), at: moment)
                }
                let sum = sums[0] + sums[1] + sums[2]
                #expect(sum.examples == 8)
                return objective.loss(of: sum, at: moment)
            }
            expectClose(parts.value, whole.value, relative: 1e-5, "\(objective)")
            for (place, entry) in state.parameters.enumerated() {
                expectClose(
                    parts.gradients[place], whole.gradients[place], relative: 1e-3, absolute: 1e-4,
                    "\(entry.key) of \(objective)")
            }
        }
    }

    @Test("A loss without coupling is the mean of those of its parts", arguments: 0..<count)
    func mean(place: Int) throws {
        let objective = Self.objective(place)
        guard objective.coupling == .none else { return }
        let example = try Example()
        func loss(_ range: Range<Int>) -> Tensor {
            withoutGradients { objective.loss(of: example.trace(objective, range), at: Self.early) }
        }
        expectClose((loss(0..<3) * 3 + loss(3..<8) * 5) / 8, loss(0..<8), relative: 1e-5, "\(objective)")
    }

    @Test(
        "Epochs are ranked by the loss with its final weights, or by −ELBO where that is declared",
        arguments: 0..<count)
    func ranking(place: Int) throws {
        let objective = Self.objective(place)
        let trace = withoutGradients { try! Example().trace(objective) }
        let found = withoutGradients {
            objective.validationLoss(of: objective.validationSums(of: trace, at: Self.early), at: Self.early)
        }
        let isAdversarial = objective is FactorLoss
        #expect((objective.ranking == .negativeELBO) == isAdversarial)
        let expected = withoutGradients {
            isAdversarial ? -trace.bound.elbo.mean() : objective.loss(of: trace, at: Self.early.final)
        }
        expectClose(found, expected, relative: 1e-6, "\(objective)")
        // Added up over batches, in double.
        guard objective.coupling != .pairs else { return }
        let example = try Example()
        let sums = withoutGradients {
            [0..<3, 3..<8].map {
                objective.validationSums(of: example.trace(objective, $0), at: Self.early).inDouble
            }
        }
        expectClose(
            objective.validationLoss(of: sums[0] + sums[1], at: Self.early), expected, relative: 1e-5,
            "\(objective)")
    }

    @Test(
        "Final weights are those of a late moment, and are not yet those of an early one",
        arguments: 0..<count)
    func settled(place: Int) throws {
        let objective = Self.objective(place)
        let trace = try withoutGradients { try Example().trace(objective) }
        func loss(at moment: Moment) -> Tensor { withoutGradients { objective.loss(of: trace, at: moment) } }
        #expect(objective.isSettled(at: Self.late) && !objective.isSettled(at: Self.early))
        #expect(
            objective.rateWeight(at: Self.early) == 0.25 && objective.rateWeight(at: Self.early.final) == 1)
        expectClose(loss(at: Self.late.final), loss(at: Self.late), relative: 1e-6, "\(objective)")
        expectClose(loss(at: Self.early.final), loss(at: Self.late), relative: 1e-6, "\(objective)")
        #expect(loss(at: Self.early).scalar() != loss(at: Self.early.final).scalar(), "\(objective)")
    }

    @Test("A capacity is grown at a final moment, whenever it is", arguments: [0, 3, 7, 8, 100])
    func capacity(step: Int) {
        let target = CapacityTarget(weight: 1, nats: 6, epochs: 4)
        let moment = Moment(step: step, stepsPerEpoch: 2)
        #expect(target.target(at: moment) == 6 * min(1, Double(step) / 8))
        #expect(target.target(at: moment.final) == 6)
        #expect(target.isSettled(at: moment) == (step >= 8))
    }
}
