import Tensors

/// A function applied to each element.
public enum Activation: String, Codable, CaseIterable, Sendable {
    /// max(x, 0).
    case relu
    /// x where positive, 0.01 x elsewhere.
    case leakyReLU = "leaky-relu"
    /// x where positive, eˣ − 1 elsewhere.
    case elu
    /// x Φ(x), Φ the normal distribution function.
    case gelu
    /// x σ(x).
    case silu
    /// The hyperbolic tangent.
    case tanh
    /// 1 / (1 + e⁻ˣ).
    case sigmoid
    /// log(1 + eˣ).
    case softplus
    /// x.
    case identity

    /// The same function where a layer can apply it to its own product.
    public var fused: FusedActivation? {
        switch self {
        case .relu: .relu
        case .tanh: .tanh
        case .identity: FusedActivation.none
        default: nil
        }
    }

    /// The function of each element.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .relu: x.relu()
        case .leakyReLU: x.leakyReLU()
        case .elu: x.elu()
        case .gelu: x.gelu()
        case .silu: x.silu()
        case .tanh: x.tanh()
        case .sigmoid: x.sigmoid()
        case .softplus: x.softplus()
        case .identity: x
        }
    }
}

/// An activation as a link of a `Sequential`.
public final class ActivationLayer: Layer {
    /// The function.
    public let activation: Activation

    /// The layer of a function.
    public init(_ activation: Activation) {
        self.activation = activation
    }

    /// The function of each element.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        activation(x)
    }
}
