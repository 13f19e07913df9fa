import Bounds
import Foundation
import Layers
import Runs
import Settings
import Tensors

extension Trainer {
    /// Writes the checkpoint of a run that is about to begin, so that it can be resumed whenever it ends.
    ///
    /// - Throws: `FormatError.file`; errors of reading data.
    package func saveStart() throws {
        defer { learningStep.state.setTraining(false) }
        let loss = try lossOfSome()
        progress.startLoss = loss.isFinite ? loss : nil
        try save(as: [.latest])
    }

    /// Writes everything that going on needs.
    ///
    /// - Throws: `TrainingError.weightsNotFinite`, and nothing is written then; `FormatError.file`.
    func save(as names: [CheckpointName]) throws {
        try checkWeights()
        try measureStatistics()
        var checkpoint = Checkpoint()
        checkpoint.add("model", state.tensors)
        checkpoint.add("optimizer", optimizer.tensors)
        if let average { checkpoint.add("average", average.tensors) }
        if let learner = objective as? any LearningObjective { checkpoint.add("objective", learner.tensors) }
        checkpoint.metadata = metadata
        checkpoint.metadata["progress"] = String(decoding: try JSONEncoder().encode(progress), as: UTF8.self)
        try run.save(checkpoint, step: progress.step, as: names)
        lastSave = .now
    }

    /// Goes back to where the latest checkpoint was written.
    ///
    /// - Parameter check: Looks at the text of the checkpoint first, and may throw.
    /// - Throws: `TrainingError.allEpochsDone`, `.stoppedEarly`, `.cannotResume`; errors of the checkpoint, after which the
    ///   trainer is not to be used.
    public func resume(checking check: ([String: String]) throws -> Void = { _ in }) throws {
        let checkpoint = try run.checkpoint(.latest)
        try check(checkpoint.metadata)
        guard let text = checkpoint.metadata["progress"],
            let progress = try? JSONDecoder().decode(TrainingProgress.self, from: Data(text.utf8))
        else { throw TrainingError.cannotResume(reason: "its metadata lack the position in the run") }
        try progress.validate()
        guard progress.epoch < settings.epochs else {
            throw TrainingError.allEpochsDone(progress.epoch)
        }
        guard settings.patience == 0 || !progress.isFinished || progress.epochsSinceBest < settings.patience
        else { throw TrainingError.stoppedEarly(epoch: progress.epoch, patience: settings.patience) }
        try state.load(checkpoint.section("model"))
        try optimizer.load(checkpoint.section("optimizer"))
        try average?.load(checkpoint.section("average"))
        try (objective as? any LearningObjective)?.load(checkpoint.section("objective"))
        self.progress = progress
        self.progress.isFinished = false
        try run.forgetMetrics(afterStep: progress.step)
    }
}

extension TrainingSettings {
    /// What is not frozen of a model's state.
    ///
    /// - Throws: `SettingsError.invalid` when a name is none of a part, or nothing is left to learn, or there is a
    ///   learning rate for an encoder that does not learn, or alone.
    package func learntPart(of state: ModuleState) throws -> ModuleState {
        let learnt = try unfrozenPart(of: state)
        if let encoderLearningRate {
            let count = learnt.keeping([ModelPart.encoder]).parameters.count
            try require(
                count > 0 && count < learnt.parameters.count, "encoderLearningRate", encoderLearningRate,
                "where an encoder learns and something else as well")
        }
        return learnt
    }

    private func unfrozenPart(of state: ModuleState) throws -> ModuleState {
        guard let frozen, !frozen.isEmpty else { return state }
        let names = Set(state.parameters.compactMap { $0.key.split(separator: ".").first.map(String.init) })
        let learnt = state.excluding(frozen)
        guard names.isSuperset(of: frozen), !learnt.parameters.isEmpty else {
            throw SettingsError.invalid(
                setting: "frozen", value: "\(frozen)",
                allowed: "some, but not all, of \(names.sorted().joined(separator: ", "))")
        }
        return learnt
    }

    /// The optimiser chosen, or two of them, for what `learntPart(of:)` gives.
    func makeOptimizer(for state: ModuleState) -> any Optimizer {
        guard let encoderLearningRate else { return optimizer.make(for: state) }
        return PartedOptimizer(
            state, part: ModelPart.encoder, rateFactor: encoderLearningRate / learningRate,
            make: optimizer.make(for:))
    }

    /// The schedule chosen, over all steps of the run.
    func makeSchedule(totalSteps: Int) -> LearningRateSchedule {
        schedule.make(totalSteps: totalSteps)
    }
}
