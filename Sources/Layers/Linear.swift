import Tensors

/// An affine map, with a rectifier fused into the product when asked.
///
///     y = activation(x Wᵀ + b)
///
/// Shapes: `[..., inputs]` → `[..., outputs]`; `weight` `[outputs, inputs]`, `bias` `[outputs]`.
public final class Linear: Layer {
    /// W, `[outputs, inputs]`.
    public let weight: Parameter
    /// b, `[outputs]`.
    public let bias: Parameter?
    private let activation: FusedActivation

    /// A map with random weights.
    ///
    /// - Parameters:
    ///   - inputs: The size of the last axis that comes in.
    ///   - outputs: The size of the last axis that goes out.
    ///   - hasBias: Whether there is a b.
    ///   - activation: Fused into the product.
    ///   - initializer: How W and b start.
    ///   - generator: Draws W and b.
    public init(
        inputs: Int, outputs: Int, hasBias: Bool = true, activation: FusedActivation = .none,
        initializer: Initializer = .uniformByFanIn, using generator: inout Generator
    ) {
        let shape = [outputs, inputs]
        weight = Parameter(initializer.weights(shape, using: &generator))
        bias = hasBias ? Parameter(initializer.biases(forWeights: shape, outputs, using: &generator)) : nil
        self.activation = activation
    }

    /// The map of `x`.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.linear(weight: weight.value, bias: bias?.value, activation: activation)
    }
}
