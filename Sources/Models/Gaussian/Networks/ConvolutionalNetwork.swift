import Layers
import Settings
import Tensors

/// 4×4 convolutions of stride 2, then one fully connected layer.
public struct ConvolutionalNetworkRecipe: NetworkRecipe {
    /// Channels of the stages, each of which halves the image.
    public var channels: [Int]
    /// The width of the fully connected layer.
    public var width: Int

    /// Its name.
    public static let kind = "conv"
    /// Its line in the help.
    public static let help = "Convolutions that halve the image, and one fully connected layer."
    /// Its settings.
    public static var settings: [Setting<ConvolutionalNetworkRecipe>] {
        [
            Stages.setting(\.channels),
            .integer(
                "hidden", \.width, in: Limits.width,
                .option("hidden", default: "suits the data", help: "One for conv.")),
        ]
    }

    /// The choice, of two stages.
    public init() { self.init(channels: [32, 64], width: 256) }

    /// Stages of these channels, and a fully connected layer.
    public init(channels: [Int], width: Int) {
        self.channels = channels
        self.width = width
    }

    /// From x to the fully connected layer.
    public func encoder(
        from configuration: GaussianVAE.Configuration, outputs: Int, using generator: inout Generator
    ) -> (hidden: [any Layer], head: any Layer) {
        let smallest = Stages.sizes(of: configuration.exampleShape, channels)[channels.count]
        var layers = Stages.encoder(channels, configuration, using: &generator)
        layers.append(Flatten())
        layers.append(
            Linear(
                inputs: channels.last! * smallest.height * smallest.width, outputs: width, activation: .relu,
                using: &generator))
        return (layers, Linear(inputs: width, outputs: outputs, using: &generator))
    }

    /// From z to x.
    public func decoder(
        to configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> [any Layer] {
        let sizes = Stages.sizes(of: configuration.exampleShape, channels)
        let smallest = [channels.last!, sizes.last!.height, sizes.last!.width]
        var layers: [any Layer] = [
            Linear(
                inputs: configuration.decoderInputs, outputs: width, activation: .relu, using: &generator),
            Linear(inputs: width, outputs: smallest.reduce(1, *), activation: .relu, using: &generator),
            Reshape(smallest),
        ]
        let ends = [configuration.outputsPerPixel] + channels
        for stage in channels.indices.reversed() {
            layers.append(
                Stages.enlarging(
                    from: ends[stage + 1], to: ends[stage], size: sizes[stage],
                    activation: stage > 0 ? .relu : .none, using: &generator))
        }
        return layers
    }

    /// The width of the fully connected layer.
    public var features: Int { width }
    /// The choice in a phrase.
    public var summary: String { "convolutions \(channels) and \(width) features" }

    /// Each stage halves the image.
    public func validate(for configuration: GaussianVAE.Configuration) throws {
        try Stages.validate(channels, configuration)
    }

    /// Stages that bring the image down to 4 to 7 pixels.
    public mutating func adapt(to data: DataTraits, given: JSONValue) {
        if given["channels"] == nil { channels = Stages.channels(for: data.exampleShape) }
    }
}

extension NetworkRecipe where Self == ConvolutionalNetworkRecipe {
    /// 4×4 convolutions of stride 2 with these channels, then one fully connected layer.
    public static func convolutional(channels: [Int], features: Int) -> ConvolutionalNetworkRecipe {
        ConvolutionalNetworkRecipe(channels: channels, width: features)
    }
}
