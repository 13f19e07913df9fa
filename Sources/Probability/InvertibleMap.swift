import Tensors

/// A differentiable one-to-one map of outcomes, of which only the way forward need be known.
public protocol InvertibleMap {
    /// How many of the last axes make up one outcome.
    var eventRank: Int { get }

    /// y = f(x), and log |det ∂f/∂x|.
    ///
    /// Shapes: `[batch..., event...]` → the same, and `[batch...]`.
    func forward(_ x: Tensor) -> Transformed
}

/// An outcome that went through a map.
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

    /// Goes through another map.
    package func then(_ map: (Tensor) -> Transformed) -> Transformed {
        let next = map(value)
        return Transformed(next.value, logDeterminant: logDeterminant + next.logDeterminant)
    }
}

/// Several maps one after the other.
public struct Chain: InvertibleMap {
    private let parts: [any InvertibleMap]

    /// First the first, then the second, and so on.
    ///
    /// - Precondition: There is one, and all have the same events.
    public init(_ parts: [any InvertibleMap]) {
        precondition(
            Set(parts.map(\.eventRank)).count == 1, "maps of events of ranks \(parts.map(\.eventRank))")
        self.parts = parts
    }

    /// That of the parts.
    public var eventRank: Int { parts[0].eventRank }

    /// All parts forward, in order.
    public func forward(_ x: Tensor) -> Transformed {
        parts.dropFirst().reduce(parts[0].forward(x)) { $0.then($1.forward) }
    }
}
