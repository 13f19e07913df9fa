import CTorch

/// Sums over rows that a step of expectation maximisation asks of a mixture of Gaussians.
///
/// r are the responsibilities of a component; everything is float64.
public struct MixtureSums {
    /// Σ log p(x), in nats.
    public var logLikelihood: Double
    /// Σ r, `[components]`.
    public var counts: Tensor
    /// Σ r (x − μ), `[components, size]`.
    public var first: Tensor
    /// Σ r (x − μ)², `[components, size]`, or Σ r (x − μ) (x − μ)ᵀ, `[components, size, size]`.
    public var second: Tensor

    /// Sums that are known.
    public init(logLikelihood: Double, counts: Tensor, first: Tensor, second: Tensor) {
        self.logLikelihood = logLikelihood
        self.counts = counts
        self.first = first
        self.second = second
    }
}

extension Tensor {
    /// The sums of a mixture of Gaussians with diagonal covariances over rows, in one fused pass on the CPU.
    ///
    /// Shapes: `self` is x `[n, size]`, float32 or float64, at least one row; log w `[components]`, μ and σ²
    /// `[components, size]` in float64. Within a stretch of 256 rows the sums are of the type of x.
    public func gaussianMixtureSums(logWeights: Tensor, means: Tensor, variances: Tensor) -> MixtureSums {
        var counts: CTTensor?
        var first: CTTensor?
        var second: CTTensor?
        var total = 0.0
        performed(
            ct_mixture_statistics(
                handle, logWeights.handle, means.handle, variances.handle, &counts, &first, &second, &total),
            self, logWeights, means, variances)
        return MixtureSums(
            logLikelihood: total, counts: Tensor(owning: counts!), first: Tensor(owning: first!),
            second: Tensor(owning: second!))
    }
}
