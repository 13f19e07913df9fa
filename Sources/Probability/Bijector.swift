import Tensors

/// An invertible map whose inverse is known, and differentiable as well.
///
/// Each direction gives the log-determinant of its own Jacobian, so that the two add up to zero.
public protocol Bijector: InvertibleMap {
    /// x = f⁻¹(y), and log |det ∂f⁻¹/∂y|.
    func inverse(_ y: Tensor) -> Transformed
}

/// Several bijectors one after the other.
public struct Composition: Bijector {
    private let parts: [any Bijector]

    /// First the first, then the second, and so on.
    ///
    /// - Precondition: There is one, and all have the same events.
    public init(_ parts: [any Bijector]) {
        self.parts = parts
        // It checks that the parts fit.
        _ = chain
    }

    // Not stored: a module that holds a composition would hold its parts twice.
    private var chain: Chain { Chain(parts) }

    /// That of the parts.
    public var eventRank: Int { chain.eventRank }

    /// All parts forward, in order.
    public func forward(_ x: Tensor) -> Transformed { chain.forward(x) }

    /// All parts backward, the last first.
    public func inverse(_ y: Tensor) -> Transformed {
        parts.dropLast().reversed().reduce(parts.last!.inverse(y)) { $0.then($1.inverse) }
    }
}
