import Layers
import Probability
import Tensors

/// One half of a vector scaled and shifted by what a network makes of the other half.
///
///     inverse:  x_b = y_b · exp(s(y_a)) + t(y_a),   log |det| = Σ s
///
/// The density's direction, the inverse, is the one without a division. s is held within ±limit by tanh. A layer begins
/// close to the identity.
///
/// Shapes: `[..., size]`. Source: Dinh, Sohl-Dickstein, Bengio 2017, eq. 7 and 8, arXiv:1605.08803.
public final class AffineCoupling: Module, Bijector {
    private let hidden: Sequential
    private let head: Linear
    private let size: Int
    private let keepsFirst: Bool

    /// One outcome is a vector.
    public var eventRank: Int { 1 }

    /// A layer with random weights.
    ///
    /// - Parameters:
    ///   - size: Of the vectors, at least 2.
    ///   - hidden: Widths of the network between the halves.
    ///   - keepsFirst: Whether the first half stays as it is, or the second.
    ///   - generator: Draws the weights.
    public init(size: Int, hidden: [Int], keepsFirst: Bool, using generator: inout Generator) {
        precondition(size >= 2, "a coupling of vectors of \(size)")
        self.size = size
        self.keepsFirst = keepsFirst
        let kept = keepsFirst ? size / 2 : size - size / 2
        let widths = [kept] + hidden
        self.hidden = Sequential(
            zip(widths, widths.dropFirst()).map {
                Linear(inputs: $0, outputs: $1, activation: .relu, using: &generator)
            })
        head = Linear(inputs: widths.last!, outputs: 2 * (size - kept), using: &generator)
        head.weight.value = head.weight.value * 0.01
        head.bias!.value = Tensor(zerosLike: head.bias!.value)
    }

    /// y_b = (x_b − t) · exp(−s).
    public func forward(_ x: Tensor) -> Transformed {
        let (kept, other) = halves(of: x)
        let (logScale, shift) = parameters(kept)
        let moved = (other - shift) * (-logScale).exp()
        return Transformed(joined(kept, moved), logDeterminant: -logScale.sum(along: -1))
    }

    /// x_b = y_b · exp(s) + t.
    public func inverse(_ y: Tensor) -> Transformed {
        let (kept, other) = halves(of: y)
        let (logScale, shift) = parameters(kept)
        let moved = other * logScale.exp() + shift
        return Transformed(joined(kept, moved), logDeterminant: logScale.sum(along: -1))
    }

    private func halves(of x: Tensor) -> (kept: Tensor, other: Tensor) {
        let parts = x.split([size / 2, size - size / 2], along: -1)
        return keepsFirst ? (parts[0], parts[1]) : (parts[1], parts[0])
    }

    private func joined(_ kept: Tensor, _ other: Tensor) -> Tensor {
        Tensor.concatenated(keepsFirst ? [kept, other] : [other, kept], along: -1)
    }

    private func parameters(_ kept: Tensor) -> (logScale: Tensor, shift: Tensor) {
        let output = head(hidden(kept))
        let count = output.size(along: -1) / 2
        let parts = output.split([count, count], along: -1)
        return ((parts[0] / Self.limit).tanh() * Self.limit, parts[1])
    }

    /// Within e^±1.5 a layer may scale by four, and the inverse of many layers keeps float32's digits.
    private static let limit = 1.5
}
