import Bounds
import Layers
import Settings
import Tensors

/// A model whose decoder can begin at the mean of the data.
public protocol StartsAtMean: LatentVariableModel {
    /// Makes p(x | z) begin around a mean.
    ///
    /// - Parameter mean: Of the examples, `exampleShape`.
    /// - Throws: `SettingsError` where the model as it is configured cannot.
    func startDecoder(atMean mean: Tensor) throws
}

extension GaussianVAE: StartsAtMean {
    /// Makes the bias of the decoder's last layer the logits of a mean, so that p(x | z) begins around it.
    ///
    /// A network that begins at 1/2 everywhere learns the mean first, through its hidden layers too, while the rate
    /// presses units to the prior that would have been of use later.
    ///
    /// Source: the code of Burda, Grosse, Salakhutdinov 2016, arXiv:1509.00519.
    ///
    /// - Parameter mean: Of the examples, `exampleShape`, between 0 and 1.
    /// - Throws: `SettingsError.invalid` for a likelihood other than Bernoulli, or a last layer without a bias for each
    ///   value.
    public func startDecoder(atMean mean: Tensor) throws {
        guard let start = configuration.likelihood.bias(forMean: mean.flattened()),
            let bias = decoder.outputBias
        else { throw Configuration.meanStartRefusal }
        bias.value.copy(from: start)
    }
}

extension GaussianVAE.Configuration {
    /// The error for a model that cannot begin at the mean.
    static var meanStartRefusal: SettingsError {
        .invalid(
            setting: "startsAtMean", value: "true",
            allowed: "with the likelihood 'bernoulli', and the network 'mlp' or 'gated'")
    }

    /// Checks that the decoder can begin at a mean.
    ///
    /// - Throws: `SettingsError.invalid`.
    public func validateMeanStart() throws {
        guard likelihood.bias(forMean: .zeros([1])) != nil, network.endsWithBias else {
            throw Self.meanStartRefusal
        }
    }
}
