import Tensors

/// What training minimises, made of what a model says of a batch.
public protocol Objective: Sendable {
    /// The scalar to minimise, in nats per example.
    ///
    /// - Parameters:
    ///   - terms: What the model says.
    ///   - bound: Its parts, as `terms.bound(rateEstimate:)` gives them.
    ///   - moment: When; weights may change with it.
    ///   - noise: Draws what the objective compares the terms with, where it needs such.
    /// - Returns: A scalar.
    func loss(of terms: Terms, bound: Bound, at moment: Moment, using noise: inout Generator) -> Tensor

    /// The weight of what stands for the rate at a step.
    func rateWeight(atStep step: Int) -> Double

    /// Whether all weights are those that the run ends with, so that epochs can be compared.
    func isSettled(at moment: Moment) -> Bool

    /// The loss of a split that an epoch is ranked by, as far as its mean distortion and rate tell, under the weights
    /// that the run ends with.
    func settledLoss(distortion: Double, rate: Double) -> Double
}

extension Objective {
    /// Whether the rate has its full weight.
    public func isSettled(at moment: Moment) -> Bool { rateWeight(atStep: moment.step) == 1 }

    /// −ELBO.
    public func settledLoss(distortion: Double, rate: Double) -> Double { distortion + rate }
}

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
}
