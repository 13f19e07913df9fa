import Layers
import Probability
import Tensors

/// An invertible 1 × 1 convolution: at each place of an image the channels, mixed by a learned matrix.
///
///     inverse:  x = W y,   W = L (U + diag(exp s)) P,   log |det| = (H W) Σ s
///
/// L has ones on its diagonal, U nothing on and below it, and P is a fixed permutation, as which W begins. Shapes:
/// `[..., channels, height, width]`.
///
/// Source: Kingma, Dhariwal 2018, section 3.2 and eq. 10, arXiv:1807.03039.
public final class ChannelMixing: Module, Bijector {
    private let lower: Parameter
    private let upper: Parameter
    private let logDiagonal: Parameter
    private let order: ChannelShuffle
    private let channels: Int

    /// One outcome is an image.
    public var eventRank: Int { 3 }

    /// A mixing that begins as a random permutation.
    public init(channels: Int, using generator: inout Generator) {
        lower = Parameter(.zeros([channels, channels]))
        upper = Parameter(.zeros([channels, channels]))
        logDiagonal = Parameter(.zeros([channels]))
        order = ChannelShuffle(channels: channels, using: &generator)
        self.channels = channels
    }

    /// W⁻¹ x at each place.
    public func forward(_ x: Tensor) -> Transformed {
        let identity = Tensor.identity(channels, dtype: x.dtype)
        let half = factors.lower.triangularSolve(identity, hasUnitDiagonal: true)
        let mixed = convolved(x, factors.upper.triangularSolve(half, isUpper: true))
        return Transformed(order.forward(mixed).value, logDeterminant: -logDeterminant(of: x))
    }

    /// W y at each place.
    public func inverse(_ y: Tensor) -> Transformed {
        let (lower, upper) = factors
        let mixed = convolved(order.inverse(y).value, lower.matmul(upper))
        return Transformed(mixed, logDeterminant: logDeterminant(of: y))
    }

    private var factors: (lower: Tensor, upper: Tensor) {
        let identity = Tensor.identity(channels, dtype: lower.value.dtype)
        return (
            lower.value.lowerTriangle(diagonal: -1) + identity,
            upper.value.upperTriangle(diagonal: 1) + logDiagonal.value.exp().diagonalMatrix()
        )
    }

    private func convolved(_ x: Tensor, _ matrix: Tensor) -> Tensor {
        let event = x.splitShape(eventRank: 3).event
        return x.reshaped([-1] + event).convolved(weight: matrix.reshaped([channels, channels, 1, 1]))
            .reshaped(x.shape)
    }

    private func logDeterminant(of x: Tensor) -> Tensor {
        let (leading, event) = x.splitShape(eventRank: 3)
        return (logDiagonal.value.sum() * Double(event[1] * event[2])).broadcast(to: leading)
    }
}
