import Foundation
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
        let output = hidden(z.reshaped([-1, z.size(along: -1)])).reshaped(leading + exampleShape)
        switch family {
        case .bernoulli:
            return Bernoulli(logits: output, eventRank: exampleShape.count)
        case .gaussian(let variance):
            return DiagonalGaussian(
                mean: output, logVariance: Tensor(log(variance), dtype: output.dtype),
                eventRank: exampleShape.count)
        }
    }
}
