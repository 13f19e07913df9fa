import Runs

/// Callbacks of training: told of steps and epochs, they may stop it, change its rate and add to its records.
public struct TrainingObserver {
    /// After each step: where the run is and the running averages of the epoch.
    public var didStep: (TrainingProgress) -> Void
    /// After each epoch, before its records are written: numbers to add to that of a split, by name.
    ///
    /// A resumed run adds them again for the epochs that it repeats.
    public var willRecord: (TrainingProgress, MetricsRecord) -> [String: Double]
    /// After each epoch: the records written for it.
    public var didFinishEpoch: (TrainingProgress, [MetricsRecord]) -> Void
    /// Something that a person should know.
    public var didWarn: (String) -> Void
    /// Asked after each step: whether to save and stop.
    public var shouldStop: (TrainingProgress) -> Bool
    /// Asked after each epoch: whether to keep its checkpoint, beside those that the settings keep.
    public var shouldKeep: (TrainingProgress) -> Bool
    /// Asked before each step: the learning rate, from the one that the schedule gives.
    public var learningRate: (TrainingProgress, Double) -> Double

    /// An observer that hears what it asks for.
    public init(
        didStep: @escaping (TrainingProgress) -> Void = { _ in },
        willRecord: @escaping (TrainingProgress, MetricsRecord) -> [String: Double] = { _, _ in [:] },
        didFinishEpoch: @escaping (TrainingProgress, [MetricsRecord]) -> Void = { _, _ in },
        didWarn: @escaping (String) -> Void = { _ in },
        shouldStop: @escaping (TrainingProgress) -> Bool = { _ in false },
        shouldKeep: @escaping (TrainingProgress) -> Bool = { _ in false },
        learningRate: @escaping (TrainingProgress, Double) -> Double = { $1 }
    ) {
        self.didStep = didStep
        self.willRecord = willRecord
        self.didFinishEpoch = didFinishEpoch
        self.didWarn = didWarn
        self.shouldStop = shouldStop
        self.shouldKeep = shouldKeep
        self.learningRate = learningRate
    }
}
