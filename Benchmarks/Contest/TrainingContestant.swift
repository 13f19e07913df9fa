import Foundation
import VAE

/// Steps of training, by the step that `Trainer` takes: draw, bound, gradient, check for what is not finite, Adam.
struct TrainingContestant: Contestant {
    private let workload: Workload
    private let model: GaussianVAE
    private let step: LearningStep
    private let batches: [Tensor]
    private var noise = Workload.noise
    private var stepCount = 0

    init(_ workload: Workload, from start: URL) throws {
        self.workload = workload
        model = try workload.makeModel()
        let state = ModuleState(model)
        let file = try Checkpoint(readingFrom: start)
        try state.load(file.section("model"))
        batches = file.section("data")["x"]!.split(
            [Int](repeating: workload.batch, count: Workload.checkedSteps), along: 0)
        let objective: any Objective =
            workload.objective == ImportanceWeightedRecipe.kind
            ? NegativeMultiSampleBound(.importanceWeighted) : NegativeELBO()
        step = LearningStep(model, state: state, objective: objective, optimizer: Adam(state))
        state.setTraining(true)
    }

    private mutating func takeStep() -> Double {
        let x = batches[stepCount % batches.count]
        let learnt = try? step(
            on: x, samples: workload.samples, at: Moment(step: stepCount),
            learningRate: Workload.learningRate,
            using: &noise)
        stepCount += 1
        return learnt?.loss ?? .nan
    }

    mutating func check() -> [Double] { batches.map { _ in takeStep() } }

    mutating func `repeat`(_ count: Int) {
        for _ in 0..<count { _ = takeStep() }
    }
}
