import Layers
import Tensors

/// The half of an outcome that a coupling keeps, and the other, which it changes.
struct Halves {
    private let size: Int
    /// Which axis is halved, the first of an outcome, counted from the end.
    let axis: Int
    private let keepsFirst: Bool

    /// The halves of vectors, or of the channels of images.
    ///
    /// - Parameters:
    ///   - size: Of the axis, at least 2.
    ///   - axis: −1 for vectors, −3 for images.
    ///   - keepsFirst: Whether the first half stays as it is, or the second.
    init(size: Int, axis: Int = -1, keepsFirst: Bool) {
        precondition(size >= 2, "a coupling of outcomes of \(size)")
        self.size = size
        self.axis = axis
        self.keepsFirst = keepsFirst
    }

    /// How many elements change.
    var changedCount: Int { keepsFirst ? size - size / 2 : size / 2 }

    /// Which of the halves stays as it is.
    var kept: Int { keepsFirst ? 0 : 1 }

    /// Which of the halves changes.
    var changed: Int { 1 - kept }

    /// Both halves of outcomes `[..., size]` or `[..., size, height, width]`.
    func split(_ x: Tensor) -> [Tensor] { x.split([size / 2, size - size / 2], along: axis) }

    /// The outcomes whose halves are given.
    func joined(_ parts: [Tensor]) -> Tensor { Tensor.concatenated(parts, along: axis) }

    /// A network from the half that is kept to numbers that are near zero at first.
    func network(hidden: [Int], outputs: Int, using generator: inout Generator) -> (
        hidden: Sequential, head: Linear
    ) {
        let widths = [size - changedCount] + hidden
        let layers = zip(widths, widths.dropFirst()).map {
            Linear(inputs: $0, outputs: $1, activation: .relu, using: &generator)
        }
        return (
            Sequential(layers), .nearZero(inputs: widths.last!, outputs: outputs, using: &generator)
        )
    }
}

extension Linear {
    /// A map with small weights and biases of zero, so that the layer which it steers begins close to the identity.
    static func nearZero(inputs: Int, outputs: Int, using generator: inout Generator) -> Linear {
        let map = Linear(inputs: inputs, outputs: outputs, using: &generator)
        makeNearZero(map.weight, map.bias)
        return map
    }
}

/// Makes weights small and biases zero.
func makeNearZero(_ weight: Parameter, _ bias: Parameter?) {
    weight.value = weight.value * 0.01
    if let bias { bias.value = Tensor(zerosLike: bias.value) }
}
