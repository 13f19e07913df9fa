import Tensors

/// A differentiable map of outcomes with a differentiable inverse.
///
/// Each direction gives the log-determinant of its own Jacobian, so that the two add up to zero.
public protocol Bijector {
    /// How many of the last axes make up one outcome.
    var eventRank: Int { get }

    /// y = f(x), and log |det ∂f/∂x|.
    ///
    /// Shapes: `[batch..., event...]` → the same, and `[batch...]`.
    func forward(_ x: Tensor) -> Transformed

    /// x = f⁻¹(y), and log |det ∂f⁻¹/∂y|.
    func inverse(_ y: Tensor) -> Transformed
}

/// An outcome that went through a bijector.
public struct Transformed: Sendable {
    /// The outcome, `[batch..., event...]`.
    public var value: Tensor
    /// log |det J| of the direction that was gone, `[batch...]`, in nats.
    public var logDeterminant: Tensor

    /// An outcome.
    public init(_ value: Tensor, logDeterminant: Tensor) {
        self.value = value
        self.logDeterminant = logDeterminant
    }
}

/// Several bijectors one after the other.
public struct Composition: Bijector {
    private let parts: [any Bijector]

    /// First the first, then the second, and so on.
    ///
    /// - Precondition: There is one, and all have the same events.
    public init(_ parts: [any Bijector]) {
        precondition(
            Set(parts.map(\.eventRank)).count == 1, "bijectors of events of ranks \(parts.map(\.eventRank))")
        self.parts = parts
    }

    /// That of the parts.
    public var eventRank: Int { parts[0].eventRank }

    /// All parts forward, in order.
    public func forward(_ x: Tensor) -> Transformed {
        parts.dropFirst().reduce(parts[0].forward(x)) { $0.then($1.forward) }
    }

    /// All parts backward, the last first.
    public func inverse(_ y: Tensor) -> Transformed {
        parts.dropLast().reversed().reduce(parts.last!.inverse(y)) { $0.then($1.inverse) }
    }
}

extension Transformed {
    /// Goes through another map.
    func then(_ map: (Tensor) -> Transformed) -> Transformed {
        let next = map(value)
        return Transformed(next.value, logDeterminant: logDeterminant + next.logDeterminant)
    }
}
