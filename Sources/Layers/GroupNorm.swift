import Tensors

/// Zero mean and unit variance over groups of channels of each example, then a learned scale and shift.
///
///     y = (x − mean) / √(variance + ε) · γ + β, γ and β per channel
///
/// Shapes: `[B, channels, ...]` → the same; `weight` (γ) and `bias` (β) `[channels]`.
///
/// Source: Wu, He 2018, arXiv:1803.08494.
public final class GroupNorm: Layer {
    /// γ, ones at first.
    public let weight: Parameter
    /// β, zeros at first.
    public let bias: Parameter
    private let groups: Int
    private let epsilon: Double

    /// A normalisation over `groups` equal parts of the channels.
    public init(groups: Int, channels: Int, epsilon: Double = 1e-5) {
        require(channels % groups == 0, "\(groups) groups must divide \(channels) channels")
        weight = Parameter(.ones([channels]))
        bias = Parameter(.zeros([channels]))
        self.groups = groups
        self.epsilon = epsilon
    }

    /// The normalised `x`.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.groupNormalized(groups: groups, weight: weight.value, bias: bias.value, epsilon: epsilon)
    }
}
