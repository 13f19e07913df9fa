import Layers
import Probability
import Tensors

/// Couplings of vectors one after the other, which keep the halves in turn.
///
/// Shapes: `[..., size]`.
public final class CouplingFlow: Module, Bijector {
    private let couplings: [any Bijector & Module]

    /// One outcome is a vector.
    public var eventRank: Int { 1 }

    private init(
        _ layers: Int, using generator: inout Generator,
        _ make: (_ keepsFirst: Bool, inout Generator) -> any Bijector & Module
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
    public func forward(_ x: Tensor) -> Transformed { Composition(couplings).forward(x) }

    /// Back through all couplings.
    public func inverse(_ y: Tensor) -> Transformed { Composition(couplings).inverse(y) }
}
