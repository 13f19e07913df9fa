import Layers
import Probability
import Tensors

/// Affine couplings one after the other, which keep the halves of a vector in turn.
///
/// Source: Dinh, Sohl-Dickstein, Bengio 2017, section 3, arXiv:1605.08803.
public final class VectorRealNVP: Module, Bijector {
    private let couplings: [AffineCoupling]

    /// One outcome is a vector.
    public var eventRank: Int { 1 }

    /// Layers with random weights, together close to the identity.
    ///
    /// - Parameters:
    ///   - size: Of the vectors, at least 2.
    ///   - layers: How many couplings; from 2 on every element is moved.
    ///   - hidden: Widths of the network in each.
    ///   - generator: Draws the weights.
    public init(size: Int, layers: Int, hidden: [Int], using generator: inout Generator) {
        precondition(layers > 0, "a flow of \(layers) layers")
        couplings = (0..<layers).map { layer in
            AffineCoupling(size: size, hidden: hidden, keepsFirst: layer % 2 == 0, using: &generator)
        }
    }

    /// Through all couplings.
    public func forward(_ x: Tensor) -> Transformed { Composition(couplings).forward(x) }

    /// Back through all couplings.
    public func inverse(_ y: Tensor) -> Transformed { Composition(couplings).inverse(y) }
}
