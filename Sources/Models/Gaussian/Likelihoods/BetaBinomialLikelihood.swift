import Probability
import Settings
import Tensors

/// The 256 levels of images as successes of trials whose chance is drawn from a beta distribution.
public struct BetaBinomialLikelihoodRecipe: LikelihoodRecipe {
    /// Its name.
    public static let kind = "beta-binomial"
    /// Its line in the help.
    public static let help =
        "The 256 levels of images, as successes of 255 trials of a chance drawn from a beta."
    /// It has no settings.
    public static var settings: [Setting<BetaBinomialLikelihoodRecipe>] { [] }

    /// The choice.
    public init() {}

    /// Levels.
    public var support: Support { .levels }

    /// Two for each element.
    public func outputs(forChannels channels: Int) -> Int { 2 * channels }

    /// The logarithms of α, then of β.
    public func head(for exampleShape: [Int]) -> any LikelihoodHead {
        PlainHead { output in
            let (logAlpha, logBeta) = halves(of: output, exampleShape)
            return BetaBinomial(logAlpha: logAlpha, logBeta: logBeta, eventRank: exampleShape.count)
        }
    }

    /// The choice in a phrase.
    public var summary: String { "beta-binomial likelihood" }
}

extension LikelihoodRecipe where Self == BetaBinomialLikelihoodRecipe {
    /// The 256 levels of images as successes of trials whose chance is drawn from a beta distribution.
    public static var betaBinomial: BetaBinomialLikelihoodRecipe { BetaBinomialLikelihoodRecipe() }
}
