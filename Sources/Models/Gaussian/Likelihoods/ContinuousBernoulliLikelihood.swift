import Probability
import Settings
import Tensors

/// Real numbers in [0, 1], by a continuous Bernoulli density.
public struct ContinuousBernoulliLikelihoodRecipe: LikelihoodRecipe {
    /// Its name.
    public static let kind = "continuous-bernoulli"
    /// Its line in the help.
    public static let help = "Real numbers between 0 and 1."
    /// It has no settings.
    public static var settings: [Setting<ContinuousBernoulliLikelihoodRecipe>] { [] }

    /// The choice.
    public init() {}

    /// Real numbers in [0, 1].
    public var support: Support { .unitInterval }

    /// A logit for each element.
    public func outputs(forChannels channels: Int) -> Int { channels }

    /// The output is the logits.
    public func head(for exampleShape: [Int]) -> any LikelihoodHead {
        let eventRank = exampleShape.count
        return PlainHead { ContinuousBernoulli(logits: $0, eventRank: eventRank) }
    }

    /// The choice in a phrase.
    public var summary: String { "continuous Bernoulli likelihood" }
}

extension LikelihoodRecipe where Self == ContinuousBernoulliLikelihoodRecipe {
    /// Real numbers in [0, 1], by a continuous Bernoulli density.
    public static var continuousBernoulli: ContinuousBernoulliLikelihoodRecipe {
        ContinuousBernoulliLikelihoodRecipe()
    }
}
