import Tensors

/// The loss that maximizes the ELBO: the mean of distortion + β · rate over a batch, β growing to 1.
///
/// How the rate is found, and from how many draws the distortion, is the trace's.
public struct NegativeELBO: Objective, Equatable, Sendable {
    /// How β grows.
    public var warmUp: WarmUp

    /// A loss with a warm-up.
    public init(warmUp: WarmUp = WarmUp()) {
        self.warmUp = warmUp
    }

    /// β.
    public func rateWeight(at moment: Moment) -> Double { warmUp.weight(at: moment) }

    /// Σ distortion + β · rate.
    public func sums(of trace: Trace, at moment: Moment) -> Sums {
        let weight = rateWeight(at: moment)
        let bound = trace.bound
        let loss = bound.distortion + (weight == 1 ? bound.rate : bound.rate * weight)
        return Sums(examples: trace.count, ["loss": loss.sum()])
    }
}
