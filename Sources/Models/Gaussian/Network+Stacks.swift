import Layers
import Tensors

// The layers on both sides of z, mirrored, sized from the shape of an example.
extension GaussianVAE.Network {
    /// The layers from x `[batch] + exampleShape` to features `[batch, features]`.
    func encoderStack(
        from configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> (layers: [any Layer], features: Int) {
        switch self {
        case .mlp, .gated:
            let stack = connected([configuration.dimensions] + widths, using: &generator)
            return ([Flatten()] + stack, widths.last!)
        case .convolutional(let channels, let features):
            let sizes = ImageSize.halvings(of: configuration.exampleShape, stages: channels.count)
            let ends = [configuration.exampleShape[0]] + channels
            var layers: [any Layer] = []
            for stage in channels.indices {
                layers.append(
                    Conv2d(
                        inputs: ends[stage], outputs: ends[stage + 1], kernel: 4, stride: 2, padding: 1,
                        using: &generator))
                layers.append(ActivationLayer(.relu))
            }
            layers.append(Flatten())
            layers.append(
                Linear(
                    inputs: channels.last! * sizes.last!.area, outputs: features, activation: .relu, using: &generator))
            return (layers, features)
        }
    }

    /// The layers from z `[batch, latents]` to the likelihood's parameters, `exampleShape` or flat.
    func decoderStack(to configuration: GaussianVAE.Configuration, using generator: inout Generator) -> [any Layer] {
        switch self {
        case .mlp, .gated:
            let hidden = connected([configuration.latents] + widths.reversed(), using: &generator)
            return hidden + [Linear(inputs: widths[0], outputs: configuration.dimensions, using: &generator)]
        case .convolutional(let channels, let features):
            let sizes = ImageSize.halvings(of: configuration.exampleShape, stages: channels.count)
            let smallest = [channels.last!, sizes.last!.height, sizes.last!.width]
            var layers: [any Layer] = [
                Linear(inputs: configuration.latents, outputs: features, activation: .relu, using: &generator),
                Linear(
                    inputs: features, outputs: smallest.reduce(1, *), activation: .relu, using: &generator),
                Reshape(to: smallest),
            ]
            let ends = [configuration.exampleShape[0]] + channels
            for stage in channels.indices.reversed() {
                // The far row or column that halving an odd size dropped is added back.
                let target = sizes[stage]
                let doubled = sizes[stage + 1]
                layers.append(
                    ConvTranspose2d(
                        inputs: ends[stage + 1], outputs: ends[stage], kernel: 4, stride: 2, padding: 1,
                        outputPadding: (target.height - 2 * doubled.height, target.width - 2 * doubled.width),
                        using: &generator))
                if stage > 0 { layers.append(ActivationLayer(.relu)) }
            }
            return layers
        }
    }

    /// Fully connected layers between consecutive widths, each with its non-linearity.
    private func connected(_ widths: [Int], using generator: inout Generator) -> [any Layer] {
        var layers: [any Layer] = []
        for (inputs, outputs) in zip(widths, widths.dropFirst()) {
            switch self {
            case .gated: layers.append(GatedLinear(inputs: inputs, outputs: outputs, using: &generator))
            case .mlp(_, .relu):
                layers.append(Linear(inputs: inputs, outputs: outputs, activation: .relu, using: &generator))
            case .mlp(_, let activation):
                layers.append(Linear(inputs: inputs, outputs: outputs, using: &generator))
                layers.append(ActivationLayer(activation))
            case .convolutional:
                preconditionFailure("a convolutional network has no stack of connected layers")
            }
        }
        return layers
    }
}

/// The height and width of a feature map.
private struct ImageSize {
    let height: Int
    let width: Int

    var area: Int { height * width }

    /// The sizes before and after each stage of stride 2: `stages + 1` of them.
    static func halvings(of exampleShape: [Int], stages: Int) -> [ImageSize] {
        (0...stages).map { ImageSize(height: exampleShape[1] >> $0, width: exampleShape[2] >> $0) }
    }
}
