import Layers
import Probability
import Tensors

/// The channels of images in a random order, which is drawn once and kept with the weights.
///
/// Shapes: `[..., channels, height, width]`.
public final class ChannelShuffle: Module, Bijector {
    /// Which channel comes to each place in the direction of a density, `[channels]`.
    private let order: Buffer

    /// One outcome is an image.
    public var eventRank: Int { 3 }

    /// So many channels in a random order.
    public init(channels: Int, using generator: inout Generator) {
        order = Buffer(generator.uniform([channels]).sortedIndices(along: 0))
    }

    /// The channels back in their places.
    public func forward(_ x: Tensor) -> Transformed {
        reordered(x, order.value.sortedIndices(along: 0))
    }

    /// The channels reordered.
    public func inverse(_ y: Tensor) -> Transformed { reordered(y, order.value) }

    private func reordered(_ x: Tensor, _ order: Tensor) -> Transformed {
        Transformed(
            x.gathering(order, along: -3),
            logDeterminant: .zeros(x.splitShape(eventRank: 3).leading, dtype: x.dtype))
    }
}
