import Layers
import Settings
import Tensors

/// 4×4 convolutions of stride 2, then residual blocks; z is a map of the size that they leave.
///
/// Each pixel of the smallest map has its own part of z, so that no product over the whole image stands between x and z.
public struct ResidualNetworkRecipe: NetworkRecipe {
    /// Channels of the stages, each of which halves the image.
    public var channels: [Int]
    /// Residual blocks on each side of z.
    public var blocks: Int

    /// Its name.
    public static let kind = "residual"
    /// Its line in the help.
    public static let help = "Convolutions with residual blocks; z is a map."
    /// Its settings.
    public static var settings: [Setting<ResidualNetworkRecipe>] {
        [
            Stages.setting(\.channels),
            .integer(
                "blocks", \.blocks, in: 0...100, .option("blocks", help: "Residual blocks on each side of z.")
            ),
        ]
    }

    /// The choice, of two stages and a block.
    public init() { self.init(channels: [32, 64], blocks: 1) }

    /// Stages of these channels, and residual blocks.
    public init(channels: [Int], blocks: Int) {
        self.channels = channels
        self.blocks = blocks
    }

    /// From x to the map, and to q(z | x): means of all channels before log-variances.
    public func encoder(
        from configuration: GaussianVAE.Configuration, outputs: Int, using generator: inout Generator
    ) -> (hidden: [any Layer], head: any Layer) {
        let stages = Stages.encoder(channels, configuration, using: &generator)
        let hidden = stages + residualBlocks(using: &generator)
        let conv = Conv2d(
            inputs: features, outputs: 2 * depth(configuration), kernelSize: 1, using: &generator)
        return (hidden, Sequential([conv, Flatten()]))
    }

    /// From z, flat, to p(x | z).
    public func decoder(
        to configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> [any Layer] {
        let sizes = Stages.sizes(of: configuration.exampleShape, channels)
        let depth = depth(configuration)
        let ends = [channels[0]] + channels
        let stages = channels.indices.reversed().map { stage in
            Stages.enlarging(
                from: ends[stage + 1], to: ends[stage], size: sizes[stage], activation: .relu,
                using: &generator)
        }
        let first = Conv2d(inputs: depth, outputs: features, kernelSize: 3, padding: 1, using: &generator)
        let start: [any Layer] = [Reshape([depth, sizes.last!.height, sizes.last!.width]), first]
        let last = Conv2d(
            inputs: channels[0], outputs: configuration.outputsPerPixel, kernelSize: 1, using: &generator)
        return start + residualBlocks(using: &generator) + stages + [last]
    }

    /// Channels of z.
    private func depth(_ configuration: GaussianVAE.Configuration) -> Int {
        configuration.latents / pixels(of: configuration.exampleShape)
    }

    /// Pixels of the smallest map.
    private func pixels(of exampleShape: [Int]) -> Int {
        let smallest = Stages.sizes(of: exampleShape, channels)[channels.count]
        return smallest.height * smallest.width
    }

    private func residualBlocks(using generator: inout Generator) -> [any Layer] {
        (0..<blocks).map { _ in
            ResidualBlock(
                inputs: features, outputs: features, groups: features % 8 == 0 ? 8 : 1, using: &generator)
        }
    }

    /// Channels of the last stage.
    public var features: Int { channels.last ?? 0 }
    /// Each pixel of the smallest map has its part of z.
    public var hasMap: Bool { true }
    /// The choice in a phrase.
    public var summary: String {
        "convolutions \(channels) and \(blocks) residual block\(blocks == 1 ? "" : "s")"
    }

    /// The next size that fills the map.
    public func latents(for exampleShape: [Int], near size: Int) -> Int {
        guard exampleShape.count == 3 else { return size }
        let pixels = max(1, exampleShape[1] >> channels.count) * max(1, exampleShape[2] >> channels.count)
        return (size + pixels - 1) / pixels * pixels
    }

    /// z can be a map.
    public func validate(for configuration: GaussianVAE.Configuration) throws {
        try Stages.validate(channels, configuration)
        let smallest = Stages.sizes(of: configuration.exampleShape, channels)[channels.count]
        let pixels = smallest.height * smallest.width
        try require(
            configuration.latents % pixels == 0, "latents", configuration.latents,
            "a multiple of \(pixels), the pixels of the smallest map, \(smallest.height)×\(smallest.width)")
        let isPlain = (configuration.posterior as? DiagonalPosteriorRecipe) == DiagonalPosteriorRecipe()
        try require(
            isPlain, "posterior", configuration.posterior.json,
            "diagonal with variances by exp in a residual network")
    }

    /// Two stages at most: z keeps the places of an image.
    public mutating func adapt(to data: DataTraits, given: JSONValue) {
        if given["channels"] == nil { channels = Array(Stages.channels(for: data.exampleShape).prefix(2)) }
    }
}

extension NetworkRecipe where Self == ResidualNetworkRecipe {
    /// 4×4 convolutions of stride 2 with these channels, then residual blocks; z is a map.
    public static func residual(channels: [Int], blocks: Int) -> ResidualNetworkRecipe {
        ResidualNetworkRecipe(channels: channels, blocks: blocks)
    }
}
