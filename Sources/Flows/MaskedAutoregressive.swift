import Layers
import Probability
import Tensors

/// Each element of a vector scaled and shifted by what a network makes of the elements before it.
///
///     inverse:  u_i = (x_i − μ_i(x_<i)) · exp(−s_i(x_<i)),   log |det| = −Σ s_i
///
/// The density's direction, the inverse, is one pass through the network for all elements at once. Forward, which
/// sampling takes, needs a pass for each element, since x_i = u_i · exp(s_i) + μ_i waits for those before. s is bounded
/// as in a coupling, and a layer begins close to the identity.
///
/// Shapes: `[..., size]`; a context broadcasts against `[..., first hidden width]`. Source: Papamakarios, Pavlakou,
/// Murray 2017, section 3.1, arXiv:1705.07057.
public final class MaskedAutoregressive: Module, Bijector {
    private let network: AutoregressiveNetwork
    private let size: Int

    /// One outcome is a vector.
    public var eventRank: Int { 1 }

    /// A layer with random weights.
    ///
    /// - Parameters:
    ///   - size: Of the vectors, at least 2.
    ///   - hidden: Widths of the network, one or more.
    ///   - takesContext: Whether the network is told a context, by `conditioned(on:)`.
    ///   - generator: Draws the weights.
    public init(size: Int, hidden: [Int], takesContext: Bool = false, using generator: inout Generator) {
        self.size = size
        network = AutoregressiveNetwork(
            size: size, hidden: hidden, outputs: 2, takesContext: takesContext, using: &generator)
    }

    /// x_i = u_i · exp(s_i) + μ_i, element by element.
    public func forward(_ u: Tensor) -> Transformed { forward(u, context: nil) }

    /// u_i = (x_i − μ_i) · exp(−s_i), all elements at once.
    public func inverse(_ x: Tensor) -> Transformed { inverse(x, context: nil) }

    /// The layer that is told a context, `[..., first hidden width]`.
    public func conditioned(on context: Tensor) -> some Bijector {
        Conditioned(layer: self, context: context)
    }

    fileprivate func forward(_ u: Tensor, context: Tensor?) -> Transformed {
        // Zeros, not a guess, stand for the elements to come: the masks keep them out, but zero times infinity is NaN.
        var known = Tensor(zerosLike: u)
        for place in 1..<size {
            let moved = ScaleAndShift(output: network(known, context: context)).applied(to: u)
            known = moved.value.sliced(along: -1, from: 0, to: place).padded([0, size - place])
        }
        return ScaleAndShift(output: network(known, context: context)).applied(to: u)
    }

    fileprivate func inverse(_ x: Tensor, context: Tensor?) -> Transformed {
        ScaleAndShift(output: network(x, context: context)).removed(from: x)
    }
}

/// An autoregressive layer with the context that it is told.
private struct Conditioned: Bijector {
    let layer: MaskedAutoregressive
    let context: Tensor

    var eventRank: Int { 1 }

    func forward(_ x: Tensor) -> Transformed { layer.forward(x, context: context) }

    func inverse(_ y: Tensor) -> Transformed { layer.inverse(y, context: context) }
}
