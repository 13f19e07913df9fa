import CTorch

// Reductions. No axis named means all of them; negative axes count from the end.
extension Tensor {
    /// The sum.
    public func sum(along axes: Int..., keepingAxes: Bool = false) -> Tensor {
        sum(along: axes, keepingAxes: keepingAxes)
    }

    /// The sum over a list of axes.
    public func sum(along axes: [Int], keepingAxes: Bool = false) -> Tensor {
        made(ct_sum(handle, axes, axes.count, keepingAxes), self)
    }

    /// The mean.
    public func mean(along axes: Int..., keepingAxes: Bool = false) -> Tensor {
        made(ct_mean(handle, axes, axes.count, keepingAxes), self)
    }

    /// The largest element.
    ///
    /// Equal maxima share the gradient.
    public func max(along axes: Int..., keepingAxes: Bool = false) -> Tensor {
        made(ct_amax(handle, axes, axes.count, keepingAxes), self)
    }

    /// The smallest element.
    ///
    /// Equal minima share the gradient.
    public func min(along axes: Int..., keepingAxes: Bool = false) -> Tensor {
        made(ct_amin(handle, axes, axes.count, keepingAxes), self)
    }

    /// log Σ eˣ without overflow.
    public func logSumExp(along axes: Int..., keepingAxes: Bool = false) -> Tensor {
        made(ct_logsumexp(handle, axes, axes.count, keepingAxes), self)
    }

    /// The variance; divided by n − 1 when `isUnbiased`, else by n.
    public func variance(along axes: Int..., isUnbiased: Bool = true, keepingAxes: Bool = false) -> Tensor {
        made(ct_variance(handle, axes, axes.count, isUnbiased, keepingAxes), self)
    }

    /// (Σ |x|ᵖ)^(1/p).
    public func norm(order: Double = 2, along axes: Int..., keepingAxes: Bool = false) -> Tensor {
        made(ct_norm(handle, axes, axes.count, order, keepingAxes), self)
    }

    /// The place of the largest element along an axis, as int64.
    public func argmax(along axis: Int, keepingAxes: Bool = false) -> Tensor {
        made(ct_argmax(handle, axis, keepingAxes), self)
    }

    /// The place of the smallest element along an axis, as int64.
    public func argmin(along axis: Int, keepingAxes: Bool = false) -> Tensor {
        made(ct_argmin(handle, axis, keepingAxes), self)
    }

    /// The running sum along an axis.
    public func cumulativeSum(along axis: Int) -> Tensor { made(ct_cumsum(handle, axis), self) }

    /// eˣ / Σ eˣ along an axis.
    public func softmax(along axis: Int) -> Tensor { made(ct_softmax(handle, axis), self) }

    /// x − log Σ eˣ along an axis.
    public func logSoftmax(along axis: Int) -> Tensor { made(ct_log_softmax(handle, axis), self) }

    /// The places that sort the elements along an axis, as int64; equal elements keep their order.
    public func sortedIndices(along axis: Int, descending: Bool = false) -> Tensor {
        made(ct_argsort(handle, axis, descending), self)
    }
}
