import Layers
import Probability
import Tensors

/// Masked autoregressive layers one after the other, every second of which takes the elements in the opposite order.
///
/// Its density is quick and its draws are slow; inverted, it is an inverse autoregressive flow, whose draws are quick
/// (`Inverted`; Kingma et al. 2016, arXiv:1606.04934).
///
/// Source: Papamakarios, Pavlakou, Murray 2017, section 3, arXiv:1705.07057, without batch normalisation.
public final class MaskedAutoregressiveFlow: Module, Bijector {
    private let layers: [MaskedAutoregressive]
    private let size: Int

    /// One outcome is a vector.
    public var eventRank: Int { 1 }

    /// Layers with random weights, together close to the identity.
    ///
    /// - Parameters:
    ///   - size: Of the vectors, at least 2.
    ///   - layers: How many.
    ///   - hidden: Widths of the network in each.
    ///   - takesContext: Whether the networks are told a context, by `conditioned(on:)`.
    ///   - generator: Draws the weights.
    public init(
        size: Int, layers: Int, hidden: [Int], takesContext: Bool = false, using generator: inout Generator
    ) {
        precondition(layers > 0, "a flow of \(layers) layers")
        self.size = size
        self.layers = (0..<layers).map { _ in
            MaskedAutoregressive(size: size, hidden: hidden, takesContext: takesContext, using: &generator)
        }
    }

    /// Through all layers.
    public func forward(_ x: Tensor) -> Transformed { chain(layers).forward(x) }

    /// Back through all layers.
    public func inverse(_ y: Tensor) -> Transformed { chain(layers).inverse(y) }

    /// The flow whose layers are told a context each, `[..., layers, first hidden width]`.
    public func conditioned(on contexts: Tensor) -> any Bijector {
        chain(
            layers.enumerated().map { place, layer in
                layer.conditioned(on: contexts.selected(place, along: -2))
            })
    }

    /// Reversed before and after every second layer, the vectors come out in the order in which they came.
    private func chain(_ layers: [any Bijector]) -> Composition {
        let reversal = Permutation.reversal(of: size)
        return Composition(
            layers.enumerated().flatMap { place, layer -> [any Bijector] in
                place % 2 == 0 ? [layer] : [reversal, layer, reversal]
            })
    }
}
