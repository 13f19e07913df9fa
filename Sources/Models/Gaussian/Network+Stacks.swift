import Layers
import Tensors

// The layers on both sides of z, mirrored, sized from the shape of an example.
extension GaussianVAE.Network {
    /// The layers from x `[batch] + exampleShape` to `[batch, outputs]`: the hidden ones and the head.
    func encoder(
        from configuration: GaussianVAE.Configuration, outputs: Int, using generator: inout Generator
    ) -> (hidden: [any Layer], head: any Layer) {
        if case .residual(let channels, let blocks) = self {
            let network = GaussianVAE.ResidualNetwork(
                channels: channels, blocks: blocks, configuration: configuration)
            return (network.encoder(using: &generator), network.encoderHead(using: &generator))
        }
        let hidden = hiddenLayers(from: configuration, using: &generator)
        return (hidden, Linear(inputs: widths.last!, outputs: outputs, using: &generator))
    }

    /// The layers from x to features `[batch, widths.last]`.
    private func hiddenLayers(
        from configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> [any Layer] {
        switch self {
        case .mlp, .gated:
            return [Flatten()] + connected([configuration.dimensions] + widths, using: &generator)
        case .convolutional(let channels, let features):
            let sizes = halvings(of: configuration.exampleShape, stages: channels.count)
            let ends = [configuration.exampleShape[0]] + channels
            var layers: [any Layer] = []
            for stage in channels.indices {
                layers.append(
                    Conv2d(
                        inputs: ends[stage], outputs: ends[stage + 1], kernelSize: 4, stride: 2, padding: 1,
                        activation: .relu, using: &generator))
            }
            layers.append(Flatten())
            layers.append(
                Linear(
                    inputs: channels.last! * sizes.last!.height * sizes.last!.width, outputs: features,
                    activation: .relu, using: &generator))
            return layers
        case .residual: preconditionFailure("a residual network has layers of its own")
        }
    }

    /// The layers from z `[batch, latents]` to the likelihood's parameters, `exampleShape` or flat.
    func decoderStack(to configuration: GaussianVAE.Configuration, using generator: inout Generator)
        -> [any Layer]
    {
        switch self {
        case .mlp, .gated:
            let hidden = connected([configuration.decoderInputs] + widths.reversed(), using: &generator)
            return hidden + [Linear(inputs: widths[0], outputs: configuration.outputs, using: &generator)]
        case .convolutional(let channels, let features):
            let sizes = halvings(of: configuration.exampleShape, stages: channels.count)
            let smallest = [channels.last!, sizes.last!.height, sizes.last!.width]
            var layers: [any Layer] = [
                Linear(
                    inputs: configuration.decoderInputs, outputs: features, activation: .relu,
                    using: &generator),
                Linear(
                    inputs: features, outputs: smallest.reduce(1, *), activation: .relu, using: &generator),
                Reshape(smallest),
            ]
            let outputs = configuration.likelihood.outputs(forChannels: configuration.exampleShape[0])
            let ends = [outputs] + channels
            for stage in channels.indices.reversed() {
                // Mirrors the sizes of the way in, so that a row which halving dropped is added back.
                layers.append(
                    ConvTranspose2d(
                        inputs: ends[stage + 1], outputs: ends[stage], kernelSize: 4, stride: 2, padding: 1,
                        outputSize: sizes[stage], activation: stage > 0 ? .relu : .none, using: &generator))
            }
            return layers
        case .residual(let channels, let blocks):
            return GaussianVAE.ResidualNetwork(
                channels: channels, blocks: blocks, configuration: configuration
            ).decoder(using: &generator)
        }
    }

    /// Fully connected layers between consecutive widths, each with its non-linearity.
    private func connected(_ widths: [Int], using generator: inout Generator) -> [any Layer] {
        var layers: [any Layer] = []
        for (inputs, outputs) in zip(widths, widths.dropFirst()) {
            switch self {
            case .gated: layers.append(GatedLinear(inputs: inputs, outputs: outputs, using: &generator))
            case .mlp(_, let activation):
                let fused = activation.fused
                layers.append(
                    Linear(inputs: inputs, outputs: outputs, activation: fused ?? .none, using: &generator))
                if fused == nil { layers.append(ActivationLayer(activation)) }
            case .convolutional, .residual:
                preconditionFailure("a convolutional network has no stack of connected layers")
            }
        }
        return layers
    }
}

/// The height and width of the feature maps before and after each of `stages` of stride 2.
func halvings(of exampleShape: [Int], stages: Int) -> [(height: Int, width: Int)] {
    (0...stages).map { (exampleShape[1] >> $0, exampleShape[2] >> $0) }
}
