import Tensors

/// What training minimises, made of what a model says of a batch.
public protocol Objective: Sendable {
    /// The scalar to minimise, in nats per example.
    ///
    /// - Parameters:
    ///   - terms: What the model says.
    ///   - bound: Its parts, as `terms.bound()` gives them.
    ///   - step: Counted from 0.
    /// - Returns: A scalar.
    func loss(of terms: Terms, bound: Bound, atStep step: Int) -> Tensor

    /// β, the weight of the rate at a step.
    func rateWeight(atStep step: Int) -> Double
}

/// A weight β of the rate that grows linearly from 0 to 1.
///
/// The decoder learns to use z before the rate presses it to the prior. Source: Bowman et al. 2016, section 3.1, arXiv:1511.06349.
public struct WarmUp: Sendable, Codable, Equatable {
    /// Over how many steps β grows; 0 for none.
    public var steps: Int

    /// A warm-up over a number of steps.
    public init(steps: Int = 0) {
        self.steps = steps
    }

    /// β at a step, counted from 0.
    public func weight(atStep step: Int) -> Double {
        steps == 0 ? 1 : min(1, Double(step) / Double(steps))
    }
}
