import Layers
import Probability
import Tensors

/// p(x | z): a network whose output is the parameters of a likelihood.
final class Decoder: Module {
    private let hidden: Sequential
    private let exampleShape: [Int]
    private let family: GaussianVAE.LikelihoodFamily

    init(_ configuration: GaussianVAE.Configuration, using generator: inout Generator) {
        hidden = Sequential(configuration.network.decoderStack(to: configuration, using: &generator))
        exampleShape = configuration.exampleShape
        family = configuration.likelihood
    }

    /// Shapes: `z` `[..., latents]` → a distribution over `[...] + exampleShape`.
    func callAsFunction(_ z: Tensor) -> any Likelihood {
        let leading = z.shape.dropLast()
        let places = exampleShape.dropFirst()
        let outputs = family.outputs(forChannels: exampleShape[0])
        let output = hidden(z.reshaped([-1, z.size(along: -1)])).reshaped(leading + [outputs] + places)
        return family.distribution(output, channels: exampleShape[0], eventRank: exampleShape.count)
    }
}
