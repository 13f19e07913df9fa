import Layers
import Tensors

/// A network that says something of each element of a vector, seeing only the elements before: a MADE.
///
/// Each unit has a degree: it may depend on so many of the first elements. Element d of the input has degree d, what is
/// said of it d − 1, and a unit takes from those of its own degree or less. The degrees of a hidden layer are spread
/// evenly, where the paper draws them.
///
/// A context, what the elements depend on beside one another, is added to the first hidden layer before its rectifier.
/// Then there are units of degree 0 too, which carry it to the first element.
///
/// Shapes: `[..., size]` → `[..., outputs · size]`, the first output of all elements before the second.
///
/// Source: Germain, Gregor, Murray, Larochelle 2015, section 4, arXiv:1502.03509.
final class AutoregressiveNetwork: Module {
    private let hidden: [MaskedLinear]
    private let head: MaskedLinear

    /// A network with random weights, its outputs near zero.
    ///
    /// - Parameters:
    ///   - size: Of the vectors, at least 2.
    ///   - widths: Of the hidden layers, one or more.
    ///   - outputs: How many numbers it says of each element.
    ///   - takesContext: Whether it is told a context.
    ///   - generator: Draws the weights.
    init(
        size: Int, hidden widths: [Int], outputs: Int, takesContext: Bool, using generator: inout Generator
    ) {
        precondition(
            size >= 2 && !widths.isEmpty, "an autoregressive network of vectors of \(size), \(widths) wide")
        let lowest = takesContext ? 0 : 1
        let hiddenDegrees = widths.map { width in
            (0..<width).map { lowest + $0 * (size - lowest) / width }
        }
        let degrees = [Array(1...size)] + hiddenDegrees
        hidden = zip(degrees, degrees.dropFirst()).map { from, to in
            MaskedLinear(
                Linear(inputs: from.count, outputs: to.count, using: &generator),
                mask: Self.mask(from: from, to: to))
        }
        let said = (0..<outputs).flatMap { _ in 0..<size }
        head = MaskedLinear(
            .nearZero(inputs: degrees.last!.count, outputs: said.count, using: &generator),
            mask: Self.mask(from: degrees.last!, to: said))
    }

    /// What it says of the elements of `x`.
    ///
    /// - Parameters:
    ///   - x: `[..., size]`.
    ///   - context: Broadcasts against `[..., first width]`.
    /// - Returns: `[..., outputs · size]`.
    func callAsFunction(_ x: Tensor, context: Tensor?) -> Tensor {
        let first = context.map { (hidden[0](x) + $0).relu() } ?? hidden[0](x, activation: .relu)
        return head(hidden.dropFirst().reduce(first) { $1($0, activation: .relu) })
    }

    /// Ones where a unit takes from another, `[to, from]`, for units of given degrees.
    private static func mask(from inputs: [Int], to outputs: [Int]) -> Tensor {
        (Tensor(outputs).expanded(at: 1) .>= Tensor(inputs)).converted(to: .float32)
    }
}
