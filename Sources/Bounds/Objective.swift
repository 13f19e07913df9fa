import Layers
import Tensors

/// What training minimises, made of what a model says of a batch.
///
/// Most are numbers alone; one that learns itself has tensors, which a checkpoint keeps beside those of the model.
public protocol Objective {
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

    /// What the objective learns from a step itself.
    ///
    /// It is asked for while the terms of a step are at hand, and carried out once the step has been taken, so that a
    /// step that is left out changes nothing.
    ///
    /// - Parameters:
    ///   - terms: What the model says of the batch.
    ///   - noise: Draws what it learns from, where it needs such.
    /// - Returns: The change; `nil` where there is nothing to learn.
    /// - Throws: When what learns itself has gone wrong, so that no step of the model is worth taking.
    func deferredUpdate(
        from terms: Terms, using noise: inout Generator
    ) throws(BoundsError) -> (() -> Void)?

    /// What it has learnt, by key.
    ///
    /// The tensors are the objective's own, and change with the next step.
    var tensors: [(key: String, tensor: Tensor)] { get }

    /// Puts back what `tensors` held: the steps that follow are the same, bit for bit.
    ///
    /// - Throws: `LayersError.mismatch` when the tensors belong to another objective.
    func load(_ tensors: [String: Tensor]) throws(LayersError)
}

extension Objective {
    /// Whether the rate has its full weight.
    public func isSettled(at moment: Moment) -> Bool { rateWeight(atStep: moment.step) == 1 }

    /// −ELBO.
    public func settledLoss(distortion: Double, rate: Double) -> Double { distortion + rate }

    /// Nothing: most objectives do not learn.
    public func deferredUpdate(
        from terms: Terms, using noise: inout Generator
    ) throws(BoundsError) -> (() -> Void)? { nil }

    /// None.
    public var tensors: [(key: String, tensor: Tensor)] { [] }

    /// Has nothing to put back.
    public func load(_ tensors: [String: Tensor]) throws(LayersError) {}
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
