import Layers
import Tensors

/// An affine map in which some inputs do not reach some outputs.
///
///     y = activation(x (W ⊙ M)ᵀ + b)
///
/// Shapes: `[..., inputs]` → `[..., outputs]`; the mask M `[outputs, inputs]` holds ones and zeros.
///
/// Source: Germain, Gregor, Murray, Larochelle 2015, section 4, arXiv:1502.03509.
final class MaskedLinear: Module {
    private let linear: Linear
    private let mask: Buffer

    /// A map through the weights that a mask leaves.
    init(_ linear: Linear, mask: Tensor) {
        precondition(
            mask.shape == linear.weight.value.shape,
            "a mask \(mask.shape) for weights \(linear.weight.value.shape)")
        self.linear = linear
        self.mask = Buffer(mask)
    }

    /// The map of `x`.
    func callAsFunction(_ x: Tensor, activation: FusedActivation = .none) -> Tensor {
        x.linear(
            weight: linear.weight.value * mask.value, bias: linear.bias?.value, activation: activation)
    }
}
