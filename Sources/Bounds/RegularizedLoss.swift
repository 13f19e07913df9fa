import Tensors

/// What stands in the place of the rate, to shape the latent.
public protocol Regularizer: Sendable {
    /// Its mean over a batch, in nats per example.
    ///
    /// - Parameters:
    ///   - terms: What the model says.
    ///   - bound: Its parts.
    ///   - moment: When.
    ///   - noise: Draws what the latents are compared with, where that is needed.
    /// - Returns: A scalar.
    func cost(of terms: Terms, bound: Bound, at moment: Moment, using noise: inout Generator) -> Tensor

    /// Whether it is what the run ends with.
    func isSettled(at moment: Moment) -> Bool

    /// The cost of a split in the end, as far as its mean rate tells.
    func settledCost(ofRate rate: Double) -> Double
}

extension Regularizer {
    /// It does not change.
    public func isSettled(at moment: Moment) -> Bool { true }

    /// The rate.
    public func settledCost(ofRate rate: Double) -> Double { rate }
}

/// The mean of distortion + β · cost over a batch, β growing to 1.
public struct RegularizedLoss: Objective, Sendable {
    /// The cost.
    public var regularizer: any Regularizer
    /// How β grows.
    public var warmUp: WarmUp

    /// A loss with a warm-up.
    public init(_ regularizer: any Regularizer, warmUp: WarmUp = WarmUp()) {
        self.regularizer = regularizer
        self.warmUp = warmUp
    }

    /// β at a step, counted from 0.
    public func rateWeight(atStep step: Int) -> Double { warmUp.weight(atStep: step) }

    /// The mean of distortion + β · cost.
    public func loss(of terms: Terms, bound: Bound, at moment: Moment, using noise: inout Generator) -> Tensor
    {
        let cost = regularizer.cost(of: terms, bound: bound, at: moment, using: &noise)
        return bound.distortion.mean() + cost * rateWeight(atStep: moment.step)
    }

    /// Whether β is 1 and the cost what it ends with.
    public func isSettled(at moment: Moment) -> Bool {
        rateWeight(atStep: moment.step) == 1 && regularizer.isSettled(at: moment)
    }

    /// Distortion and the cost in the end.
    public func settledLoss(distortion: Double, rate: Double) -> Double {
        distortion + regularizer.settledCost(ofRate: rate)
    }
}
