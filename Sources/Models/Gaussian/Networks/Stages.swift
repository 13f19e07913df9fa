import Layers
import Settings
import Tensors

/// Stages of 4×4 convolutions of stride 2, each of which halves an image or doubles it.
enum Stages {
    /// The height and width of the feature maps before and after each stage.
    static func sizes(of exampleShape: [Int], _ channels: [Int]) -> [(height: Int, width: Int)] {
        (0...channels.count).map { (exampleShape[1] >> $0, exampleShape[2] >> $0) }
    }

    /// The stages from x to the smallest map.
    static func encoder(
        _ channels: [Int], _ configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> [any Layer] {
        let ends = [configuration.exampleShape[0]] + channels
        return channels.indices.map { stage in
            Conv2d(
                inputs: ends[stage], outputs: ends[stage + 1], kernelSize: 4, stride: 2, padding: 1,
                activation: .relu, using: &generator)
        }
    }

    /// A stage of a decoder.
    ///
    /// It mirrors the sizes of the encoder, so that a row which halving dropped is added back.
    static func enlarging(
        from inputs: Int, to outputs: Int, size: (height: Int, width: Int), activation: FusedActivation,
        using generator: inout Generator
    ) -> any Layer {
        ConvTranspose2d(
            inputs: inputs, outputs: outputs, kernelSize: 4, stride: 2, padding: 1, outputSize: size,
            activation: activation, using: &generator)
    }

    /// The channels of stages that bring an image down to 4 to 7 pixels.
    static func channels(for shape: [Int]) -> [Int] {
        let smallest = shape.dropFirst().min() ?? 1
        let stages = max(1, (1...10).last { smallest >> $0 >= 4 } ?? 1)
        return (0..<stages).map { stage in min(128, 32 << max(0, stage - stages + 3)) }
    }

    /// Checks that an image can be halved so often.
    static func validate(_ channels: [Int], _ configuration: GaussianVAE.Configuration) throws {
        let shape = configuration.exampleShape
        try require(
            shape.count == 3, "network", "of convolutions",
            "'mlp' or 'gated' for examples that are not images"
        )
        let smallest = min(shape[1], shape[2])
        try require(
            channels.count < Int.bitWidth && smallest >> channels.count >= 1, "network.channels", channels,
            "fewer stages: each halves the image, whose smaller side is \(smallest)")
    }

    /// The setting of the channels.
    static func setting<Root: Configurable>(
        _ path: WritableKeyPath<Root, [Int]> & Sendable
    ) -> Setting<Root> {
        .integers(
            "channels", path, in: Limits.width,
            .option(
                "channels", default: "suits the data", help: "Channels of the stages that halve the image."))
    }
}
