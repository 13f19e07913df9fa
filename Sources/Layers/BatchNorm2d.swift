import Tensors

/// Zero mean and unit variance of each channel over batch and image, then a learned scale and shift.
///
///     y = (x − mean) / √(variance + ε) · γ + β
///
/// In training the statistics are the batch's, and the running ones move towards them, by `momentum` of the way
/// (the variance by its unbiased estimate); in use the running ones stand in.
///
/// It couples the examples of a batch: a part of a batch has statistics of its own. The running ones move in the forward
/// pass, also where the step is then skipped.
///
/// Shapes: `[B, channels, H, W]` → the same; all four tensors `[channels]`.
///
/// Source: Ioffe, Szegedy 2015, algorithms 1 and 2, arXiv:1502.03167.
public final class BatchNorm2d: Layer, ModeDependent {
    /// γ, ones at first.
    public let weight: Parameter
    /// β, zeros at first.
    public let bias: Parameter
    /// The mean in use.
    public let runningMean: Buffer
    /// The variance in use.
    public let runningVariance: Buffer
    /// Whether the batch's own statistics are used.
    public var isTraining = true
    private let momentum: Double
    private let epsilon: Double

    /// A normalisation with running statistics of zero mean and unit variance.
    public init(channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5) {
        weight = Parameter(.ones([channels]))
        bias = Parameter(.zeros([channels]))
        runningMean = Buffer(.zeros([channels]))
        runningVariance = Buffer(.ones([channels]))
        self.momentum = momentum
        self.epsilon = epsilon
    }

    /// The normalised `x`.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.batchNormalized(
            weight: weight.value, bias: bias.value, runningMean: runningMean.value,
            runningVariance: runningVariance.value, isTraining: isTraining, momentum: momentum,
            epsilon: epsilon)
    }
}
