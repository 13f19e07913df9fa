import Bounds
import Datasets
import Foundation
import Layers
import Runs
import Tensors

/// Trains any model that is a walk, and keeps the run folder so that nothing is lost.
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
    /// Draws the latents; a step's draws are a function of it, of the step and of the examples.
    private let noise: Generator
    /// Where the run is.
    public internal(set) var progress: TrainingProgress
    /// Text that each checkpoint carries.
    public var metadata: [String: String] = [:]
    var lastSave = ContinuousClock.now
    /// The step after which the statistics of the averages were measured last.
    var statisticsStep: Int?

    /// How many examples tell of a run in passing.
    static let exampleLimit = 1000

    /// A trainer at the beginning of a run, with objective, optimizer and schedule as the settings choose them.
    ///
    /// - Parameters:
    ///   - model: Trained in place.
    ///   - data: What from.
    ///   - settings: How.
    ///   - run: Where checkpoints and metrics go.
    ///   - generator: Draws the noise.
    /// - Throws: `SettingsError`.
    public convenience init(
        _ model: any LatentVariableModel, on data: TrainingData, settings: TrainingSettings, run: RunFolder,
        using generator: Generator
    ) throws {
        try settings.validate()
        let learned = try settings.learntPart(of: ModuleState(model))
        let stepsPerEpoch = data.training.batchCount
        var context = ObjectiveContext(
            estimator: settings.estimator,
            warmUp: WarmUp(
                steps: settings.warmUpEpochs * stepsPerEpoch,
                period: (settings.warmUpPeriod ?? 0) * stepsPerEpoch), samples: settings.samples,
            backwardSamples: settings.backwardSamples, units: { try data.unitCount(of: model) },
            generator: generator.child(named: "objective"))
        try self.init(
            model, on: data, settings: settings, run: run,
            objective: try settings.objective.make(&context),
            optimizer: settings.makeOptimizer(for: learned),
            schedule: settings.makeSchedule(totalSteps: settings.epochs * stepsPerEpoch), using: generator)
    }

    /// A trainer with an objective, an optimizer and a schedule of the caller's.
    ///
    /// - Parameters:
    ///   - model: Trained in place.
    ///   - data: What from.
    ///   - settings: The rest: epochs, batches, limits, averages. Its own choices of objective, optimizer and schedule
    ///     are not used.
    ///   - run: Where checkpoints and metrics go.
    ///   - objective: The loss.
    ///   - optimizer: Of the part of the model that `settings` leaves to learn.
    ///   - schedule: Of the learning rate.
    ///   - generator: Draws the noise.
    /// - Throws: `SettingsError`.
    public init(
        _ model: any LatentVariableModel, on data: TrainingData, settings: TrainingSettings, run: RunFolder,
        objective: any Objective, optimizer: any Optimizer, schedule: LearningRateSchedule,
        using generator: Generator
    ) throws {
        self.model = model
        self.settings = settings
        self.data = data
        self.run = run
        self.objective = objective
        self.optimizer = optimizer
        self.schedule = schedule
        state = ModuleState(model)
        state.setTraining(false)
        let learned = try settings.learntPart(of: state)
        average = settings.averageDecay > 0 ? WeightAverage(learned, decay: settings.averageDecay) : nil
        learningStep = LearningStep(
            model, state: learned, objective: objective, optimizer: optimizer,
            gradientLimit: settings.gradientLimit, rateEstimate: settings.rateEstimate ?? .analytic)
        progress = TrainingProgress()
        noise = generator
    }

    /// The noise of a step.
    func noise(ofStep step: Int) -> Generator { noise.child(named: "training").child(UInt64(step)) }

    /// The noise of evaluations: the same for every epoch, so that epochs differ by the model alone.
    var validationNoise: Generator { noise.child(named: "validation") }

    /// Trains to the end, or until asked to stop.
    ///
    /// - Parameters:
    ///   - observer: Told of steps and epochs.
    ///   - shouldStop: Asked after each step; when true the step is saved and training returns.
    /// - Returns: How it ended.
    /// - Throws: `TrainingError` where the run has diverged; errors of reading data and writing the run.
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
                if lastSave.duration(to: .now) > Self.saveInterval { try save(as: [.latest]) }
                if shouldStop() || observer.shouldStop(progress) {
                    try save(as: [.latest])
                    return .interrupted
                }
            }
            try endEpoch(clock: clock, observer: observer)
        }
        return progress.epoch >= settings.epochs ? .finished : .stoppedEarly
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
