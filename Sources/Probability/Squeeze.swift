import Tensors

/// Each 2 × 2 square of pixels as one place with four times the channels.
///
/// Shapes: forward `[..., 4 c, h, w]` → `[..., c, 2 h, 2 w]`, and back by the inverse, the direction of a density. The
/// channels come in four groups: the squares' upper left corners, upper right, lower left, lower right.
///
/// Source: Dinh, Sohl-Dickstein, Bengio 2017, section 3.6, arXiv:1605.08803.
public struct Squeeze: Bijector {
    /// One outcome is an image.
    public var eventRank: Int { 3 }

    /// The map.
    public init() {}

    /// Four groups of channels as the corners of squares.
    public func forward(_ x: Tensor) -> Transformed {
        let (leading, image) = x.splitShape(eventRank: 3)
        precondition(image[0] % 4 == 0, "\(image[0]) channels are not four groups")
        // [corner row, corner column, c, h, w] → [c, h, corner row, w, corner column].
        let parts = x.reshaped([-1, 2, 2, image[0] / 4, image[1], image[2]])
        let spread = parts.permuted([0, 3, 4, 1, 5, 2])
        return Transformed(
            spread.reshaped(leading + [image[0] / 4, 2 * image[1], 2 * image[2]]),
            logDeterminant: .zeros(leading, dtype: x.dtype))
    }

    /// Squares of pixels as four groups of channels.
    ///
    /// - Precondition: Height and width are even.
    public func inverse(_ y: Tensor) -> Transformed {
        let (leading, image) = y.splitShape(eventRank: 3)
        precondition(image[1] % 2 == 0 && image[2] % 2 == 0, "squares of images of \(image[1])×\(image[2])")
        let parts = y.reshaped([-1, image[0], image[1] / 2, 2, image[2] / 2, 2])
        let gathered = parts.permuted([0, 3, 5, 1, 2, 4])
        return Transformed(
            gathered.reshaped(leading + [4 * image[0], image[1] / 2, image[2] / 2]),
            logDeterminant: .zeros(leading, dtype: y.dtype))
    }
}
