import Tensors

/// All axes after the batch as one: `[B, ...]` → `[B, D]`.
public final class Flatten: Layer {
    /// The layer.
    public init() {}

    /// The flat examples.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.flattened(from: 1)
    }
}

/// Each example in another shape: `[B, ...]` → `[B, shape]`.
public final class Reshape: Layer {
    /// The shape of one example.
    public let shape: [Int]

    /// A layer that makes examples of a shape.
    public init(_ shape: [Int]) {
        self.shape = shape
    }

    /// The examples in their new shape.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.reshaped([-1] + shape)
    }
}
