import Layers
import Probability
import Tensors

/// A scale and a shift of each channel, set by the first batch so that it leaves with zero mean and unit variance.
///
///     inverse:  x = (y − b) · exp(−s),   log |det| = −(H W) Σ s
///
/// Shapes: `[..., channels, height, width]`, or `[..., size]` for vectors.
///
/// Source: Kingma, Dhariwal 2018, section 3.1, arXiv:1807.03039.
public final class ActNorm: Module, ModeDependent, Bijector {
    private let logScale: Parameter
    private let shift: Parameter
    /// 1 once a batch has been seen.
    private let isSet: Buffer
    /// Whether a batch may still set scale and shift.
    public var isTraining = false
    /// How many of the last axes make up one outcome: 1 or 3.
    public let eventRank: Int

    /// The identity, until a batch is seen in training.
    ///
    /// - Parameters:
    ///   - channels: Channels of images, or the size of vectors.
    ///   - eventRank: 3 for images, 1 for vectors.
    public init(channels: Int, eventRank: Int) {
        precondition([1, 3].contains(eventRank), "events of rank \(eventRank)")
        let shape = [channels] + [Int](repeating: 1, count: eventRank - 1)
        logScale = Parameter(.zeros(shape))
        shift = Parameter(.zeros(shape))
        isSet = Buffer(.zeros([]))
        self.eventRank = eventRank
    }

    /// x · exp(s) + b.
    public func forward(_ x: Tensor) -> Transformed {
        Transformed(x * logScale.value.exp() + shift.value, logDeterminant: logDeterminant(of: x))
    }

    /// (y − b) · exp(−s).
    public func inverse(_ y: Tensor) -> Transformed {
        if isTraining, isSet.value.scalar() == 0 { set(by: y) }
        return Transformed(
            (y - shift.value) * (-logScale.value).exp(), logDeterminant: -logDeterminant(of: y))
    }

    private func logDeterminant(of x: Tensor) -> Tensor {
        let (leading, event) = x.splitShape(eventRank: eventRank)
        let places = event.dropFirst().reduce(1, *)
        return (logScale.value.sum() * Double(places)).broadcast(to: leading)
    }

    private func set(by y: Tensor) {
        withoutGradients {
            let event = y.splitShape(eventRank: eventRank).event
            let rows = y.reshaped([-1, event[0], event.dropFirst().reduce(1, *)])
            let mean = rows.mean(along: 0, 2)
            let deviation = rows.variance(along: 0, 2, isUnbiased: false).squareRoot()
            // What is constant but for rounding keeps its scale: nothing is known of it yet.
            let isConstant = deviation .<= mean.magnitude() * 1e-6
            let scale = deviation.replacing(with: Tensor(1, dtype: y.dtype), where: isConstant)
            shift.value.copy(from: mean.reshaped(shift.value.shape))
            logScale.value.copy(from: scale.log().reshaped(logScale.value.shape))
            isSet.value.copy(from: .ones([], dtype: isSet.value.dtype))
        }
    }
}
