import Settings
import Tensors

/// What the elements of x may be under a likelihood.
public enum Support: Sendable {
    /// Zeros and ones. Grey values have no probability, only a loss.
    case binary
    /// The levels of 8-bit data, k / 255.
    case levels
    /// Real numbers in [0, 1].
    case unitInterval
    /// Real numbers.
    case reals
    /// Whole numbers from 0.
    case counts
}

/// The settings of p(x | z), and how it is made of them.
///
/// A package adds likelihoods of its own by `GaussianVAE.likelihoods.register(_:)`.
public protocol LikelihoodRecipe: Choice {
    /// What the elements of x may be.
    var support: Support { get }

    /// How many numbers the decoder's network gives for each pixel, or value of a row.
    ///
    /// - Parameter channels: Of the examples; the number of values for rows.
    /// - Returns: The number.
    func outputs(forChannels channels: Int) -> Int

    /// The end of a decoder for examples `[channels, height, width]` or `[values]`.
    func head(for exampleShape: [Int]) -> any LikelihoodHead

    /// The choice in a phrase.
    var summary: String { get }

    /// What the network's last bias must be for p(x | z) to begin around a mean; `nil` where that is not known.
    ///
    /// - Parameter mean: The examples' mean, flat.
    /// - Returns: The bias, flat.
    func bias(forMean mean: Tensor) -> Tensor?

    /// Whether p(x | z) may be that of standardized columns.
    var takesStandardization: Bool { get }

    /// Checks that the likelihood suits the examples.
    ///
    /// - Throws: `SettingsError`, which names settings of the configuration.
    func validate(for exampleShape: [Int]) throws
}

extension LikelihoodRecipe {
    /// Not known, unless a kind says otherwise.
    public func bias(forMean mean: Tensor) -> Tensor? { nil }

    /// Where it is of real numbers, unless a kind says otherwise.
    public var takesStandardization: Bool { support == .reals }

    /// Asks nothing, unless a kind says otherwise.
    public func validate(for exampleShape: [Int]) throws {}
}

extension GaussianVAE {
    /// The likelihoods by name.
    public static let likelihoods = Registry<any LikelihoodRecipe.Type>(
        "likelihood",
        [
            BernoulliLikelihoodRecipe.self, GaussianLikelihoodRecipe.self,
            ContinuousBernoulliLikelihoodRecipe.self, CategoricalLikelihoodRecipe.self,
            DiscretizedLogisticLikelihoodRecipe.self, DiscretizedGaussianLikelihoodRecipe.self,
            LogisticMixtureLikelihoodRecipe.self, BetaBinomialLikelihoodRecipe.self,
            NegativeBinomialLikelihoodRecipe.self,
        ])
}

/// The two halves of a network's output, channel by channel.
func halves(of output: Tensor, _ exampleShape: [Int]) -> (Tensor, Tensor) {
    let channels = exampleShape[0]
    let parts = output.split([channels, channels], along: -exampleShape.count)
    return (parts[0], parts[1])
}
