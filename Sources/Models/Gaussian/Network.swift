import Layers

extension GaussianVAE {
    /// The networks of encoder and decoder, mirrored.
    public enum Network: Codable, Sendable, Equatable {
        /// Fully connected hidden layers, from the data inwards.
        case mlp(hidden: [Int], activation: Activation = .relu)
        /// 4×4 convolutions of stride 2 with these channels, then one fully connected layer.
        case convolutional(channels: [Int], features: Int)
        /// 4×4 convolutions of stride 2 with these channels, then residual blocks; z is a map of the size that they leave.
        case residual(channels: [Int], blocks: Int)
        /// Fully connected layers gated by a sigmoid. Source: Tomczak, Welling 2018, arXiv:1705.07120.
        case gated(hidden: [Int])

        var widths: [Int] {
            switch self {
            case .mlp(let hidden, _), .gated(let hidden): hidden
            case .convolutional(let channels, let features): channels + [features]
            case .residual(let channels, _): channels
            }
        }

        /// A size of z for examples of a shape: the one that is wished for, or for a map the next that fills its places.
        public func latents(for exampleShape: [Int], near size: Int) -> Int {
            guard hasMap, let stages, exampleShape.count == 3 else { return size }
            let places = max(1, exampleShape[1] >> stages.count) * max(1, exampleShape[2] >> stages.count)
            return (size + places - 1) / places * places
        }

        /// Whether z is a map.
        var hasMap: Bool {
            if case .residual = self { true } else { false }
        }

        /// The channels of the stages that halve an image, in a network of convolutions.
        var stages: [Int]? {
            switch self {
            case .mlp, .gated: nil
            case .convolutional(let channels, _), .residual(let channels, _): channels
            }
        }
    }
}
