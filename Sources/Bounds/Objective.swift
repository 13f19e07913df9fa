import Layers
import Tensors

/// The scalar that training minimizes: a function of a trace and a moment.
///
/// It is made of sums over examples, so that batches, parts of a batch and, later, processes add up what the loss is then a
/// function of. The loss of a whole split is the loss of its sums.
public protocol Objective {
    /// The sums over the examples of a trace that the loss is a function of.
    ///
    /// - Parameters:
    ///   - trace: Of a batch.
    ///   - moment: When; weights may change with it.
    /// - Returns: Sums by name, in nats unless the name says otherwise.
    func sums(of trace: Trace, at moment: Moment) -> Sums

    /// The loss of the examples that have been summed.
    ///
    /// - Parameters:
    ///   - sums: As `sums(of:at:)` returns them, added up.
    ///   - moment: When.
    /// - Returns: A scalar, nats per example.
    func loss(of sums: Sums, at moment: Moment) -> Tensor

    /// The number that ranks epochs on the validation split.
    var ranking: Ranking { get }

    /// How the loss depends on which examples are in a batch together.
    var coupling: Coupling { get }

    /// Whether gradients go through the trace that the objective is given; otherwise the step records no history of it,
    /// and the objective replays the draws that it learns from.
    var recordsWalk: Bool { get }

    /// The weight of the rate, or of what takes its place.
    func rateWeight(at moment: Moment) -> Double

    /// Whether all weights are those that the run ends with.
    func isSettled(at moment: Moment) -> Bool
}

/// The number that ranks epochs on the validation split; lower is better.
public enum Ranking: String, Sendable, Equatable {
    /// The objective's own loss, with the weights that the run ends with.
    case loss
    /// −ELBO, for an adversarial objective, whose loss ranks nothing.
    case negativeELBO
}

/// How a loss depends on which examples are in a batch together.
public enum Coupling: Sendable, Equatable {
    /// It is a mean over examples.
    case none
    /// It is a function of sums over examples: parts of a batch together have the loss of the whole.
    case sums
    /// It compares examples of a batch with one another: parts of a batch have a loss of their own, and the loss of a
    /// split is the mean over its batches.
    case pairs
}

extension Objective {
    /// The sum named `loss`, over the examples.
    public func loss(of sums: Sums, at moment: Moment) -> Tensor { sums.mean("loss") }

    /// The objective's own loss.
    public var ranking: Ranking { .loss }

    /// None: most losses are means over examples.
    public var coupling: Coupling { .none }

    /// `true` by default.
    public var recordsWalk: Bool { true }

    /// Whether the rate has the weight that the run ends with.
    public func isSettled(at moment: Moment) -> Bool {
        rateWeight(at: moment) == rateWeight(at: moment.final)
    }

    /// The loss of a trace.
    public func loss(of trace: Trace, at moment: Moment) -> Tensor {
        loss(of: sums(of: trace, at: moment), at: moment)
    }

    /// The sums of a trace from which `validationLoss(of:at:)` is found.
    ///
    /// - Parameters:
    ///   - trace: Of a batch of the validation split.
    ///   - moment: When; weights are taken as the run ends with them.
    /// - Returns: The sums that the objective declares by `ranking`.
    public func validationSums(of trace: Trace, at moment: Moment) -> Sums {
        switch ranking {
        case .loss: sums(of: trace, at: moment.final)
        case .negativeELBO: Sums(examples: trace.count, ["loss": -trace.bound.elbo.sum()])
        }
    }

    /// The value that ranks epochs, nats per example: lower is better.
    public func validationLoss(of sums: Sums, at moment: Moment) -> Tensor {
        ranking == .loss ? loss(of: sums, at: moment.final) : sums.mean("loss")
    }
}

/// An objective with a part that learns along, such as a discriminator.
public protocol LearningObjective: Objective {
    /// What the objective learns from a step itself.
    ///
    /// - Parameter trace: Of the step's batch.
    /// - Returns: The change, carried out once the model's step has been taken; `nil` where there is none.
    /// - Throws: When its own loss has diverged, so that no step of the model is worth taking.
    func learn(from trace: Trace) throws(BoundsError) -> (() -> Void)?

    /// The tensors that a checkpoint keeps beside those of the model; they change with the next step.
    var tensors: [(key: String, tensor: Tensor)] { get }

    /// Puts back what `tensors` held: the steps that follow are the same, bit for bit.
    ///
    /// - Throws: `LayersError.mismatch` when the tensors belong to another objective.
    func load(_ tensors: [String: Tensor]) throws(LayersError)
}
