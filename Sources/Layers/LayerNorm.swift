import Tensors

/// Zero mean and unit variance over the last axes of each example, then a learned scale and shift.
///
///     y = (x − mean) / √(variance + ε) ⊙ γ + β
///
/// Shapes: `[..., shape]` → the same; `weight` (γ) and `bias` (β) have the shape of the axes.
///
/// Source: Ba, Kiros, Hinton 2016, arXiv:1607.06450.
public final class LayerNorm: Layer {
    /// γ, ones at first.
    public let weight: Parameter
    /// β, zeros at first.
    public let bias: Parameter
    private let epsilon: Double

    /// A normalisation over the last axes, which have the sizes of `shape`.
    public init(shape: [Int], epsilon: Double = 1e-5) {
        weight = Parameter(.ones(shape))
        bias = Parameter(.zeros(shape))
        self.epsilon = epsilon
    }

    /// The normalised `x`.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.layerNormalized(
            over: weight.value.shape, weight: weight.value, bias: bias.value, epsilon: epsilon)
    }
}
