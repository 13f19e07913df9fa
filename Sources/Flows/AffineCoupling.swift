import Layers
import Probability
import Tensors

/// One half of an outcome scaled and shifted by what a network makes of the other half.
///
///     inverse:  x_b = y_b · exp(s(y_a)) + t(y_a),   log |det| = Σ s
///
/// The density's direction, the inverse, is the one without a division. s is held within ±limit by tanh. A layer begins
/// close to the identity.
///
/// Shapes: vectors `[..., size]`, or images `[..., channels, height, width]`, whose channels are halved.
/// Source: Dinh, Sohl-Dickstein, Bengio 2017, eq. 7 and 8, arXiv:1605.08803.
public final class AffineCoupling: Module, Bijector, Coupling {
    private let hidden: Sequential
    private let head: any Layer
    let halves: Halves

    /// How many of the last axes make up one outcome: 1 or 3.
    public var eventRank: Int { -halves.axis }

    /// A layer for vectors, with random weights.
    ///
    /// - Parameters:
    ///   - size: Of the vectors, at least 2.
    ///   - hidden: Widths of the network between the halves.
    ///   - keepsFirst: Whether the first half stays as it is, or the second.
    ///   - generator: Draws the weights.
    public init(size: Int, hidden: [Int], keepsFirst: Bool, using generator: inout Generator) {
        halves = Halves(size: size, keepsFirst: keepsFirst)
        (self.hidden, head) = halves.network(
            hidden: hidden, outputs: 2 * halves.changedCount, using: &generator)
    }

    /// A layer for images, with random weights: 3 × 3, 1 × 1 and 3 × 3 convolutions.
    ///
    /// - Parameters:
    ///   - channels: Of the images, at least 2.
    ///   - features: Channels of the network between the halves.
    ///   - keepsFirst: Whether the first half of the channels stays as it is, or the second.
    ///   - generator: Draws the weights.
    public init(channels: Int, features: Int, keepsFirst: Bool, using generator: inout Generator) {
        halves = Halves(size: channels, axis: -3, keepsFirst: keepsFirst)
        hidden = Sequential([
            Conv2d(
                inputs: channels - halves.changedCount, outputs: features, kernelSize: 3, padding: 1,
                activation: .relu, using: &generator),
            Conv2d(
                inputs: features, outputs: features, kernelSize: 1, activation: .relu, using: &generator),
        ])
        let head = Conv2d(
            inputs: features, outputs: 2 * halves.changedCount, kernelSize: 3, padding: 1, using: &generator)
        makeNearZero(head.weight, head.bias)
        self.head = head
    }

    /// y_b = (x_b − t) · exp(−s).
    public func forward(_ x: Tensor) -> Transformed { onHalves(of: x, forward(_:given:)) }

    /// x_b = y_b · exp(s) + t.
    public func inverse(_ y: Tensor) -> Transformed { onHalves(of: y, inverse(_:given:)) }

    func forward(_ changed: Tensor, given kept: Tensor) -> Transformed {
        map(given: kept).removed(from: changed)
    }

    func inverse(_ changed: Tensor, given kept: Tensor) -> Transformed {
        map(given: kept).applied(to: changed)
    }

    private func map(given kept: Tensor) -> ScaleAndShift {
        guard eventRank > 1 else { return ScaleAndShift(output: head(hidden(kept))) }
        // Convolutions take one axis of images.
        let (leading, event) = kept.splitShape(eventRank: eventRank)
        let output = head(hidden(kept.reshaped([-1] + event)))
        return ScaleAndShift(
            output: output.reshaped(leading + output.splitShape(eventRank: eventRank).event),
            eventRank: eventRank)
    }
}
