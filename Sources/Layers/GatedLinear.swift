import Tensors

/// An affine map, each output of which a second map lets through or holds back.
///
///     h = (A x + a) ⊙ σ(B x + b)
///
/// Shapes: `[..., inputs]` → `[..., outputs]`.
///
/// Source: Dauphin, Fan, Auli, Grangier 2017, eq. 1, arXiv:1612.08083; for VAEs, Tomczak, Welling 2018.
public final class GatedLinear: Layer {
    /// A and a.
    public let content: Linear
    /// B and b.
    public let gate: Linear

    /// Two maps with random weights.
    public init(
        inputs: Int, outputs: Int, initializer: Initializer = .uniformByFanIn,
        using generator: inout Generator
    ) {
        content = Linear(inputs: inputs, outputs: outputs, initializer: initializer, using: &generator)
        gate = Linear(inputs: inputs, outputs: outputs, initializer: initializer, using: &generator)
    }

    /// The gated map of `x`.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        content(x) * gate(x).sigmoid()
    }
}
