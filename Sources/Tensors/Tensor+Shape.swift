import CTorch

// Shape operations: a new view of the same elements where the layout allows, a copy otherwise.
extension Tensor {
    /// The elements in another shape; one size may be −1 and is worked out.
    public func reshaped(_ shape: [Int]) -> Tensor { made(ct_reshape(handle, shape, shape.count), self) }

    /// The axes in another order.
    public func permuted(_ axes: [Int]) -> Tensor { made(ct_permute(handle, axes, axes.count), self) }

    /// Two axes exchanged; the last two when none are named.
    public func transposed(_ first: Int = -2, _ second: Int = -1) -> Tensor {
        made(ct_transpose(handle, first, second), self)
    }

    /// Axes of size one repeated, without a copy, up to `shape`; −1 keeps a size.
    public func broadcast(to shape: [Int]) -> Tensor { made(ct_expand(handle, shape, shape.count), self) }

    /// A new axis of size one before `axis`.
    public func expanded(at axis: Int) -> Tensor { made(ct_unsqueeze(handle, axis), self) }

    /// Without the axis, which must be of size one.
    public func squeezed(at axis: Int) -> Tensor {
        guard size(along: axis) == 1 else {
            trap("squeezed(at: \(axis))", "the axis is not of size one", [self])
        }
        return made(ct_squeeze(handle, axis), self)
    }

    /// All axes from `first` on as one.
    public func flattened(from first: Int = 0) -> Tensor {
        // The size is worked out here: LibTorch cannot when the tensor is empty.
        reshaped(shape[..<first] + [shape[first...].reduce(1, *)])
    }

    /// The order of elements reversed along each of the axes.
    public func reversed(along axes: Int...) -> Tensor { made(ct_flip(handle, axes, axes.count), self) }

    /// Each element repeated in place along an axis: [a, b] → [a, a, b, b].
    public func repeatingElements(_ times: Int, along axis: Int) -> Tensor {
        made(ct_repeat_interleave(handle, times, axis), self)
    }

    /// Tensors joined along an axis they have.
    public static func concatenated(_ tensors: [Tensor], along axis: Int) -> Tensor {
        made(tensors.withHandles { ct_concatenate($0, tensors.count, axis) }, tensors.first, tensors.last)
    }

    /// Tensors of one shape joined along a new axis.
    public static func stacked(_ tensors: [Tensor], along axis: Int = 0) -> Tensor {
        made(tensors.withHandles { ct_stack($0, tensors.count, axis) }, tensors.first, tensors.last)
    }

    /// Consecutive pieces of the given sizes along an axis.
    ///
    /// - Precondition: The sizes add up to the axis.
    public func split(_ sizes: [Int], along axis: Int) -> [Tensor] {
        guard sizes.reduce(0, +) == size(along: axis) else {
            trap("split(\(sizes), along: \(axis))", "the sizes do not add up to the axis", [self])
        }
        var start = 0
        return sizes.map { size in
            defer { start += size }
            return sliced(along: axis, from: start, to: start + size)
        }
    }

    /// The lower triangle of the last two axes, zeros above the diagonal numbered `diagonal`.
    public func lowerTriangle(diagonal: Int = 0) -> Tensor { made(ct_tril(handle, diagonal), self) }

    /// The upper triangle of the last two axes.
    public func upperTriangle(diagonal: Int = 0) -> Tensor { made(ct_triu(handle, diagonal), self) }

    /// The diagonal of the last two axes.
    public func diagonal() -> Tensor { made(ct_diagonal(handle), self) }

    /// Matrices with the last axis on their diagonals, `[..., N]` → `[..., N, N]`.
    public func diagonalMatrix() -> Tensor { made(ct_diag_embed(handle), self) }
}

extension Array where Element == Tensor {
    /// Calls `body` with the handles in order.
    func withHandles<Result>(_ body: (UnsafePointer<CTTensor>) -> Result) -> Result {
        withExtendedLifetime(self) { map(\.handle).withUnsafeBufferPointer { body($0.baseAddress!) } }
    }
}
