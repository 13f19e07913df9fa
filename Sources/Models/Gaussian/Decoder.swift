import Bounds
import Layers
import Probability
import Tensors

/// p(x | z): a network whose output is the parameters of a likelihood.
final class Decoder: Module {
    private let hidden: Sequential
    private let exampleShape: [Int]
    private let outputs: Int
    private let head: any LikelihoodHead

    init(_ configuration: GaussianVAE.Configuration, using generator: inout Generator) {
        hidden = Sequential(configuration.network.decoder(to: configuration, using: &generator))
        exampleShape = configuration.exampleShape
        outputs = configuration.likelihood.outputs(forChannels: exampleShape[0])
        head = configuration.likelihood.head(for: exampleShape)
    }

    /// The bias for each value of the output; nil where the last layer is a convolution.
    var outputBias: Parameter? { (hidden.layers.last as? Linear)?.bias }

    /// Shapes: `z` `[..., batch, latents]`, `classes` one-hot `[batch, classes]` → a distribution over
    /// `[..., batch] + exampleShape`.
    func callAsFunction(_ z: Tensor, _ classes: Tensor?, _ walk: Walk) -> any Likelihood {
        let z =
            classes.map {
                Tensor.concatenated(
                    [z, $0.broadcast(to: z.shape.dropLast() + [$0.size(along: -1)])], along: -1)
            } ?? z
        let output = hidden(z.reshaped([-1, z.size(along: -1)]))
        return head(output.reshaped(z.shape.dropLast() + [outputs] + exampleShape.dropFirst()), walk)
    }
}
