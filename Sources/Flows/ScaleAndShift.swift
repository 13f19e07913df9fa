import Probability
import Tensors

/// An affine map of each element, from what a network puts out: log-scales, then shifts.
///
/// Within e^±1.5 a layer may scale by four, and the inverse of many layers keeps float32's digits.
struct ScaleAndShift {
    /// Log-scales before they are bounded, then shifts, along the first axis of an event; the identity where they are
    /// zero.
    let output: Tensor
    /// How many of the last axes make up one outcome.
    var eventRank = 1

    private static let limit = 1.5

    /// x · exp(s) + t.
    func applied(to x: Tensor) -> Transformed { moved(x, isBack: false) }

    /// (y − t) · exp(−s).
    func removed(from y: Tensor) -> Transformed { moved(y, isBack: true) }

    private func moved(_ x: Tensor, isBack: Bool) -> Transformed {
        let moved = x.scaledAndShifted(
            by: output, limit: Self.limit, eventRank: eventRank, isBack: isBack)
        return Transformed(moved.value, logDeterminant: moved.logDeterminant)
    }
}
