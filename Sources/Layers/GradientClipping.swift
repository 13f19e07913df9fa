import Tensors

extension [Tensor] {
    /// Scales gradients down together, so that their norm is at most `limit`.
    ///
    /// The factor never leaves the device. Where the norm is not finite, neither is the result: read the norm
    /// once per step, at the place where a wait costs least, and skip the step.
    ///
    ///     let norm = gradients.clip(toGlobalNorm: 1)
    ///     if norm.scalar().isFinite { optimizer.step(gradients: gradients, learningRate: rate) }
    ///
    /// New tensors take the place of the old ones, since gradients of different parameters may share storage.
    ///
    /// - Returns: The norm before, a float64 scalar.
    @discardableResult
    public mutating func clip(toGlobalNorm limit: Double) -> Tensor {
        require(limit > 0, "gradients are clipped to a positive norm, not \(limit)")
        let norm = globalNorm()
        let factor = (limit / (norm + 1e-6)).clamped(to: 1)
        self = map { $0 * factor }
        return norm
    }
}
