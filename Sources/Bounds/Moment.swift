/// When a step is taken, and what came before.
public struct Moment: Sendable {
    /// Counted from 0.
    public var step: Int
    /// Steps in an epoch.
    public var stepsPerEpoch: Int
    /// Examples to learn from; `nil` where the batch is all.
    public var exampleCount: Int?
    /// The running mean of the losses before; `nil` at the first step.
    public var averageLoss: Double?
    /// Whether weights are taken as the run ends with them, and nothing is learned: the moment of a validation.
    public private(set) var isFinal = false

    /// A step of a run.
    public init(
        step: Int = 0, stepsPerEpoch: Int = 1, exampleCount: Int? = nil, averageLoss: Double? = nil
    ) {
        self.step = step
        self.stepsPerEpoch = stepsPerEpoch
        self.exampleCount = exampleCount
        self.averageLoss = averageLoss
    }

    /// Epochs that have passed, with their fraction.
    public var epoch: Double { Double(step) / Double(stepsPerEpoch) }

    /// The same moment with the weights that the run ends with.
    public var final: Moment {
        var moment = self
        moment.isFinal = true
        return moment
    }
}
