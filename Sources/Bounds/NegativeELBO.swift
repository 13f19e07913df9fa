import Tensors

/// The loss that maximises the ELBO: the mean of distortion + β · rate over a batch, β growing to 1.
///
/// How the rate is found, and from how many draws the distortion, is the bound's.
public struct NegativeELBO: Objective, Equatable, Sendable {
    /// How β grows.
    public var warmUp: WarmUp

    /// A loss with a warm-up.
    public init(warmUp: WarmUp = WarmUp()) {
        self.warmUp = warmUp
    }

    /// β at a step, counted from 0.
    public func rateWeight(atStep step: Int) -> Double { warmUp.weight(atStep: step) }

    /// The mean of distortion + β · rate.
    public func loss(of terms: Terms, bound: Bound, at moment: Moment, using noise: inout Generator) -> Tensor
    {
        loss(of: bound, atStep: moment.step)
    }

    /// The mean of distortion + β · rate.
    public func loss(of bound: Bound, atStep step: Int) -> Tensor {
        let weight = rateWeight(atStep: step)
        return (bound.distortion + (weight == 1 ? bound.rate : bound.rate * weight)).mean()
    }
}
