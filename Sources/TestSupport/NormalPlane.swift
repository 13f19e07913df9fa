import Foundation
import Tensors

/// A grid over the plane on which expectations under N(0, I) are sums.
///
/// The trapezoidal rule is exact to twelve digits for functions as smooth as densities of about that width.
public enum NormalPlane {
    /// The points, `[points, 2]`, float64.
    public static let points: Tensor = {
        let axis = Tensor.linearSpace(from: -extent, to: extent, count: count, dtype: .float64)
        let shape = [count, count]
        return Tensor.stacked(
            [axis.expanded(at: 1).broadcast(to: shape), axis.broadcast(to: shape)], along: -1
        ).reshaped([-1, 2])
    }()

    /// The probability that each point stands for, `[points]`.
    public static let probabilities: Tensor = {
        let step = 2 * extent / Double(count - 1)
        return (points.squared().sum(along: 1) * -0.5).exp() * (step * step / (2 * Double.pi))
    }()

    private static let extent = 8.0
    private static let count = 81
}
