import Tensors

/// The loss that maximises the ELBO: the mean of distortion + β · rate over a batch.
///
/// β grows linearly from 0 to 1 over the warm-up, so that the decoder learns to use z before the rate presses it
/// to the prior. Source: Bowman et al. 2016, section 3.1, arXiv:1511.06349.
public struct NegativeELBO: Sendable, Codable, Equatable {
    /// Over how many steps β grows; 0 for none.
    public var warmUpSteps: Int

    /// A loss with a warm-up.
    public init(warmUpSteps: Int = 0) {
        self.warmUpSteps = warmUpSteps
    }

    /// β at a step, counted from 0.
    public func rateWeight(atStep step: Int) -> Double {
        warmUpSteps == 0 ? 1 : min(1, Double(step) / Double(warmUpSteps))
    }

    /// The scalar to minimise.
    public func loss(of bound: Bound, atStep step: Int) -> Tensor {
        let weight = rateWeight(atStep: step)
        return (bound.distortion + (weight == 1 ? bound.rate : bound.rate * weight)).mean()
    }
}
