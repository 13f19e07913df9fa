import Tensors

/// Independent binary elements, held by their logits l = log p / (1 − p).
///
///     log p(x) = Σ_d x_d l_d − log(1 + exp l_d)
///
/// For x strictly inside (0, 1), as grey values are, this is a cross-entropy: a loss, not a log density.
public struct Bernoulli: HasMean {
    /// l, `[batch..., event...]`.
    public let logits: Tensor
    /// How many of the last axes make up one outcome.
    public let eventRank: Int

    /// `[batch..., event...]`.
    public var shape: [Int] { logits.shape }

    /// The type of an outcome's elements.
    public var dtype: DType { logits.dtype }

    /// Binary elements from logits.
    public init(logits: Tensor, eventRank: Int) {
        self.logits = logits
        self.eventRank = eventRank
    }

    /// p = σ(l).
    public var mean: Tensor { logits.sigmoid() }

    /// Σ x l − log(1 + eˡ), by the fused kernel over the flattened outcome.
    public func logProbability(of x: Tensor) -> Tensor {
        guard eventRank > 0 else { return x * logits - logits.softplus() }
        return logits.bernoulliLogProbability(of: x, eventRank: eventRank)
    }

    /// Zeros and ones.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        let uniform = generator.uniform(leading + logits.shape)
        return (uniform .< mean.withoutGradient()).converted(to: logits.dtype)
    }
}
