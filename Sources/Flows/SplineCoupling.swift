import Layers
import Probability
import Tensors

/// One half of a vector sent through splines whose knots a network makes of the other half.
///
/// The inverse, the density's direction, evaluates the splines; forward, which sampling takes, solves a quadratic for
/// each element. Outside ±5 the splines are the identity: few draws of N(0, I) come there. A layer begins close to the
/// identity everywhere.
///
/// Shapes: `[..., size]`. Source: Durkan, Bekasov, Murray, Papamakarios 2019, section 3, arXiv:1906.04032.
public final class SplineCoupling: Module, Bijector, Coupling {
    private let hidden: Sequential
    private let head: Linear
    let halves: Halves
    private let pieces: Int

    /// One outcome is a vector.
    public var eventRank: Int { 1 }

    /// A layer with random weights.
    ///
    /// - Parameters:
    ///   - size: Of the vectors, at least 2.
    ///   - hidden: Widths of the network between the halves.
    ///   - keepsFirst: Whether the first half stays as it is, or the second.
    ///   - pieces: Of each spline.
    ///   - generator: Draws the weights.
    public init(
        size: Int, hidden: [Int], keepsFirst: Bool, pieces: Int = 8, using generator: inout Generator
    ) {
        precondition(pieces > 0, "a spline of \(pieces) pieces")
        self.pieces = pieces
        halves = Halves(size: size, keepsFirst: keepsFirst)
        (self.hidden, head) = halves.network(
            hidden: hidden, outputs: halves.changedCount * (3 * pieces - 1), using: &generator)
    }

    /// Each element of the other half back through its spline.
    public func forward(_ x: Tensor) -> Transformed { onHalves(of: x, forward(_:given:)) }

    /// Each element of the other half through its spline.
    public func inverse(_ y: Tensor) -> Transformed { onHalves(of: y, inverse(_:given:)) }

    func forward(_ changed: Tensor, given kept: Tensor) -> Transformed {
        summed(spline(kept).inverse(changed))
    }

    func inverse(_ changed: Tensor, given kept: Tensor) -> Transformed {
        summed(spline(kept).forward(changed))
    }

    private func summed(_ moved: Transformed) -> Transformed {
        Transformed(moved.value, logDeterminant: moved.logDeterminant.sum(along: -1))
    }

    private func spline(_ kept: Tensor) -> RationalQuadraticSpline {
        let output = head(hidden(kept)).reshaped(
            kept.shape.dropLast() + [halves.changedCount, 3 * pieces - 1])
        let parts = output.split([pieces, pieces, pieces - 1], along: -1)
        return RationalQuadraticSpline(widths: parts[0], heights: parts[1], slopes: parts[2])
    }
}
