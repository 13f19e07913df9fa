import Tensors

/// Layers applied one after another.
public final class Sequential: Layer {
    /// The layers, first applied first; their keys are their places.
    public let layers: [any Layer]

    /// A chain of layers.
    public init(_ layers: [any Layer]) {
        self.layers = layers
    }

    /// The last layer's output.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        layers.reduce(x) { $1($0) }
    }
}
