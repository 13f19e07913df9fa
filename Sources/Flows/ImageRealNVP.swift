import Layers
import Probability
import Tensors

/// A flow of images with levels: squeeze, then steps, then half of the channels has its place in the base, and the
/// other half goes on to the next level.
///
///     a step, in the direction of a density: actnorm, mixing of the channels, coupling
///
/// Source: Dinh, Sohl-Dickstein, Bengio 2017, section 3.6, arXiv:1605.08803; the steps are those of Kingma, Dhariwal
/// 2018, section 3, arXiv:1807.03039.
public final class ImageRealNVP: Module, Bijector {
    /// What happens to the channels between couplings.
    public enum Mixing: String, Codable, Sendable, CaseIterable {
        /// A fixed random permutation.
        case permutation
        /// A learned invertible 1 × 1 convolution.
        case learned
    }

    private let steps: [FlowStep]
    private let next: ImageRealNVP?
    private let channels: Int

    /// One outcome is an image.
    public var eventRank: Int { 3 }

    /// A flow with random weights.
    ///
    /// - Parameters:
    ///   - channels: Of the images.
    ///   - levels: How often the image is squeezed; its height and width are multiples of 2^levels.
    ///   - steps: Couplings in each level.
    ///   - features: Channels of the networks in the couplings.
    ///   - mixing: What happens between couplings.
    ///   - generator: Draws the weights.
    public init(
        channels: Int, levels: Int, steps: Int, features: Int, mixing: Mixing,
        using generator: inout Generator
    ) {
        precondition(levels > 0 && steps > 0, "a flow of \(levels) levels of \(steps) steps")
        self.channels = 4 * channels
        self.steps = (0..<steps).map { step in
            FlowStep(
                channels: 4 * channels, features: features, mixing: mixing, keepsFirst: step % 2 == 0,
                using: &generator)
        }
        next =
            levels == 1
            ? nil
            : ImageRealNVP(
                channels: 2 * channels, levels: levels - 1, steps: steps, features: features, mixing: mixing,
                using: &generator)
    }

    /// From the base to images.
    public func forward(_ x: Tensor) -> Transformed {
        var image = Squeeze().inverse(x)
        if let next { image = image.then { onSecondHalf($0, next.forward) } }
        for step in steps.reversed() { image = image.then(step.forward) }
        return image.then(Squeeze().forward)
    }

    /// From images to the base, in the shape of the images.
    public func inverse(_ y: Tensor) -> Transformed {
        var image = Squeeze().inverse(y)
        for step in steps { image = image.then(step.inverse) }
        if let next { image = image.then { onSecondHalf($0, next.inverse) } }
        return image.then(Squeeze().forward)
    }

    private func onSecondHalf(_ x: Tensor, _ map: (Tensor) -> Transformed) -> Transformed {
        let halves = x.split([channels / 2, channels / 2], along: -3)
        let moved = map(halves[1])
        return Transformed(
            Tensor.concatenated([halves[0], moved.value], along: -3), logDeterminant: moved.logDeterminant)
    }
}

/// One step of a flow of images.
private final class FlowStep: Module {
    private let norm: ActNorm
    private let mixing: any Bijector
    private let coupling: AffineCoupling

    init(
        channels: Int, features: Int, mixing: ImageRealNVP.Mixing, keepsFirst: Bool,
        using generator: inout Generator
    ) {
        norm = ActNorm(channels: channels, eventRank: 3)
        self.mixing =
            switch mixing {
            case .permutation: ChannelShuffle(channels: channels, using: &generator)
            case .learned: ChannelMixing(channels: channels, using: &generator)
            }
        coupling = AffineCoupling(
            channels: channels, features: features, keepsFirst: keepsFirst, using: &generator)
    }

    /// The norm comes first in the direction of a density, the inverse.
    private var parts: Composition { Composition([coupling, mixing, norm]) }

    func forward(_ x: Tensor) -> Transformed { parts.forward(x) }

    func inverse(_ y: Tensor) -> Transformed { parts.inverse(y) }
}
