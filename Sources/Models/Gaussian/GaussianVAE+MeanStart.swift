import Layers
import Tensors

extension GaussianVAE {
    /// Makes the bias of the decoder's last layer the logits of a mean, so that p(x | z) begins around it.
    ///
    /// A network that begins at 1/2 everywhere learns the mean first, through its hidden layers too, while the rate
    /// presses units to the prior that would have been of use later.
    ///
    /// Source: the code of Burda, Grosse, Salakhutdinov 2016, arXiv:1509.00519, whose limits of 0.001 these are.
    ///
    /// - Parameter mean: Of the examples, `exampleShape`, between 0 and 1.
    /// - Throws: `ModelsError.invalid` for a likelihood other than Bernoulli, or a last layer without a bias for each
    ///   value.
    package func startDecoder(atMean mean: Tensor) throws {
        guard configuration.likelihood == .bernoulli, let bias = decoder.outputBias else {
            throw ModelsError.invalid(
                field: "the model to begin at the mean", value: configuration.summary,
                allowed: "one with a Bernoulli likelihood and connected layers (mlp or gated)")
        }
        let limited = mean.flattened().clamped(from: 0.001, to: 0.999)
        bias.value.copy(from: limited.log() - (1 - limited).log())
    }
}
