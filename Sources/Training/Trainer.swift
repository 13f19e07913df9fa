import Bounds
import Datasets
import Foundation
import Layers
import Models
import Runs
import Tensors

/// Trains any model that yields terms, and keeps the run folder so that nothing is lost.
///
/// A run is a function of its configuration: the order of examples, the noise and the updates depend on the seed
/// and the position alone, so that a resumed run has, on the same number of threads, the weights of one that was
/// never interrupted.
public final class Trainer {
    /// How training ended.
    public enum Outcome: Equatable, Sendable {
        /// All epochs are done.
        case finished
        /// The validation bound stopped getting better.
        case stoppedEarly
        /// Asked to stop; the run can be resumed.
        case interrupted
    }

    let model: any LatentVariableModel
    /// All of the model: what a checkpoint saves.
    let state: ModuleState
    let settings: TrainingSettings
    let data: TrainingData
    let run: RunFolder
    let optimizer: any Optimizer
    let average: WeightAverage?
    let objective: any Objective
    let learningStep: LearningStep
    let schedule: LearningRateSchedule
    /// Gives every evaluation of a split the same noise, so that epochs differ by the model alone.
    let validationNoise: Generator
    /// Where the run is.
    public internal(set) var progress: TrainingProgress
    var lastSave = ContinuousClock.now

    /// A trainer at the beginning of a run.
    ///
    /// - Parameters:
    ///   - model: Trained in place.
    ///   - data: What from.
    ///   - settings: How.
    ///   - run: Where checkpoints and metrics go.
    ///   - generator: Seeds the noise.
    /// - Throws: `SettingsError`.
    public init(
        _ model: any LatentVariableModel, on data: TrainingData, settings: TrainingSettings, run: RunFolder,
        using generator: Generator
    ) throws {
        try settings.validate()
        self.model = model
        self.settings = settings
        self.data = data
        self.run = run
        state = ModuleState(model)
        state.setTraining(false)
        let learnt = try settings.learntPart(of: state)
        optimizer = settings.makeOptimizer(for: learnt)
        average = settings.averageDecay > 0 ? WeightAverage(learnt, decay: settings.averageDecay) : nil
        let stepsPerEpoch = data.training.batchCount
        var context = ObjectiveContext(
            estimator: settings.estimator,
            warmUp: WarmUp(
                steps: settings.warmUpEpochs * stepsPerEpoch,
                period: (settings.warmUpPeriod ?? 0) * stepsPerEpoch),
            samples: settings.samples, units: { try data.unitCount(of: model) },
            generator: generator.child(3))
        objective = try settings.objective.make(&context)
        learningStep = LearningStep(
            model, state: learnt, objective: objective, optimizer: optimizer,
            gradientLimit: settings.gradientLimit, rateEstimate: settings.rateEstimate ?? .analytic,
            backwardSamples: settings.backwardSamples)
        schedule = settings.makeSchedule(totalSteps: settings.epochs * stepsPerEpoch)
        progress = TrainingProgress(noise: generator.child(1))
        validationNoise = generator.child(2)
    }

    /// Trains to the end, or until asked to stop.
    ///
    /// - Parameters:
    ///   - observer: Told of steps and epochs.
    ///   - shouldStop: Asked after each step; when true the step is saved and training returns.
    /// - Returns: How it ended.
    /// - Throws: `TrainingError.diverged`, `.discriminatorDiverged`; errors of reading data and writing the run.
    public func train(observer: TrainingObserver = TrainingObserver(), shouldStop: () -> Bool = { false })
        throws
        -> Outcome
    {
        // What is frozen is in use, and its running statistics stay as they are.
        learningStep.state.setTraining(true)
        defer { learningStep.state.setTraining(false) }
        let clock = Stopwatch(startingAt: progress.seconds)
        while progress.epoch < settings.epochs, !progress.isFinished {
            for batch in data.training.batches(epoch: progress.epoch, startingAt: progress.batch) {
                try step(on: batch.get(), observer: observer)
                progress.seconds = clock.seconds
                if shouldStop() {
                    try save(as: [.latest])
                    return .interrupted
                }
            }
            try endEpoch(clock: clock, observer: observer)
        }
        return progress.epoch >= settings.epochs ? .finished : .stoppedEarly
    }
}

/// What a trainer tells as it goes.
///
/// Values that cost a read-back are closures, asked for only when shown.
public struct TrainingObserver {
    /// After each step: where the run is and the running average ELBO of the epoch.
    public var didStep: (TrainingProgress) -> Void
    /// After each epoch: the records written for it.
    public var didFinishEpoch: (TrainingProgress, [MetricsRecord]) -> Void
    /// Something a person should know.
    public var didWarn: (String) -> Void

    /// An observer that hears what it asks for.
    public init(
        didStep: @escaping (TrainingProgress) -> Void = { _ in },
        didFinishEpoch: @escaping (TrainingProgress, [MetricsRecord]) -> Void = { _, _ in },
        didWarn: @escaping (String) -> Void = { _ in }
    ) {
        self.didStep = didStep
        self.didFinishEpoch = didFinishEpoch
        self.didWarn = didWarn
    }
}

/// Seconds of training, over all sittings.
struct Stopwatch {
    private let before: Double
    private let start = ContinuousClock.now

    init(startingAt seconds: Double) {
        before = seconds
    }

    var seconds: Double {
        let elapsed = (ContinuousClock.now - start).components
        return before + Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }
}
