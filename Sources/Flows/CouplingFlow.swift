import Layers
import Probability
import Tensors

/// Couplings of vectors one after the other, which keep the halves in turn.
///
/// Shapes: `[..., size]`.
public final class CouplingFlow: Module, Bijector {
    private let couplings: [any Coupling]

    /// One outcome is a vector.
    public var eventRank: Int { 1 }

    private init(
        _ layers: Int, using generator: inout Generator,
        _ make: (_ keepsFirst: Bool, inout Generator) -> any Coupling
    ) {
        precondition(layers > 0, "a flow of \(layers) layers")
        couplings = (0..<layers).map { make($0 % 2 == 0, &generator) }
    }

    /// Affine couplings with random weights, together close to the identity.
    ///
    /// Source: Dinh, Sohl-Dickstein, Bengio 2017, section 3, arXiv:1605.08803.
    ///
    /// - Parameters:
    ///   - size: Of the vectors, at least 2.
    ///   - layers: How many couplings; from 2 on every element is moved.
    ///   - hidden: Widths of the network in each.
    ///   - generator: Draws the weights.
    /// - Returns: The flow.
    public static func affine(
        size: Int, layers: Int, hidden: [Int], using generator: inout Generator
    ) -> CouplingFlow {
        CouplingFlow(layers, using: &generator) {
            AffineCoupling(size: size, hidden: hidden, keepsFirst: $0, using: &$1)
        }
    }

    /// Spline couplings with random weights, together close to the identity.
    ///
    /// Source: Durkan, Bekasov, Murray, Papamakarios 2019, section 3, arXiv:1906.04032, RQ-NSF (C), without the linear
    /// maps that it has between the couplings.
    ///
    /// - Parameters:
    ///   - size: Of the vectors, at least 2.
    ///   - layers: How many couplings; from 2 on every element is moved.
    ///   - hidden: Widths of the network in each.
    ///   - generator: Draws the weights.
    /// - Returns: The flow.
    public static func spline(
        size: Int, layers: Int, hidden: [Int], using generator: inout Generator
    ) -> CouplingFlow {
        CouplingFlow(layers, using: &generator) {
            SplineCoupling(size: size, hidden: hidden, keepsFirst: $0, using: &$1)
        }
    }

    /// Through all couplings.
    public func forward(_ x: Tensor) -> Transformed {
        passed(x, through: couplings) { $0.forward($1, given: $2) }
    }

    /// Back through all couplings.
    public func inverse(_ y: Tensor) -> Transformed {
        passed(y, through: couplings.reversed()) { $0.inverse($1, given: $2) }
    }

    // The halves stay apart on the way: joining and splitting them again took as long as what is done to them.
    private func passed(
        _ x: Tensor, through layers: [any Coupling],
        _ map: (_ layer: any Coupling, _ changed: Tensor, _ kept: Tensor) -> Transformed
    ) -> Transformed {
        var parts = layers[0].halves.split(x)
        var logDeterminants: [Tensor] = []
        for layer in layers {
            let moved = map(layer, parts[layer.halves.changed], parts[layer.halves.kept])
            parts[layer.halves.changed] = moved.value
            logDeterminants.append(moved.logDeterminant)
        }
        return Transformed(
            layers[0].halves.joined(parts),
            logDeterminant: logDeterminants.dropFirst().reduce(logDeterminants[0], +))
    }
}
