import Tensors

/// All probability at one outcome: what a decoder without noise says.
///
/// It has a probability (zero in nats) where x is the outcome, and −∞ elsewhere; no density is meant.
public struct PointMass: HasVariance, Reparameterized {
    /// The outcome, `[batch..., event...]`.
    public let mean: Tensor
    /// How many of the last axes make up one outcome.
    public let eventRank: Int

    /// `[batch..., event...]`.
    public var shape: [Int] { mean.shape }

    /// The type of an outcome's elements.
    public var dtype: DType { mean.dtype }

    /// All probability at `outcome`.
    public init(at outcome: Tensor, eventRank: Int) {
        mean = outcome
        self.eventRank = eventRank
    }

    /// 0 where x is the outcome, −∞ elsewhere.
    public func logProbability(of x: Tensor) -> Tensor {
        (x .== mean).converted(to: mean.dtype).log().summed(overLast: eventRank)
    }

    /// Zero.
    public var variance: Tensor { Tensor(zerosLike: mean) }

    /// The outcome.
    public func draw(_ leading: [Int], using generator: inout Generator) -> Draw {
        let value = mean.broadcast(to: leading + mean.shape)
        return Draw(
            value, logProbability: .zeros(value.shape.dropLast(eventRank), dtype: mean.dtype))
    }
}
