import Tensors

/// An affine map of each element, from what a network puts out: log-scales, then shifts.
struct ScaleAndShift {
    /// s, within ±1.5.
    let logScale: Tensor
    /// t.
    let shift: Tensor

    /// The map of a network's output, 2 N long along an axis; the identity where that is zero.
    init(_ output: Tensor, axis: Int = -1) {
        let count = output.size(along: axis) / 2
        let parts = output.split([count, count], along: axis)
        logScale = (parts[0] / Self.limit).tanh() * Self.limit
        shift = parts[1]
    }

    /// x · exp(s) + t.
    func applied(to x: Tensor) -> Tensor { x * logScale.exp() + shift }

    /// (y − t) · exp(−s).
    func removed(from y: Tensor) -> Tensor { (y - shift) * (-logScale).exp() }

    /// Within e^±1.5 a layer may scale by four, and the inverse of many layers keeps float32's digits.
    private static let limit = 1.5
}
