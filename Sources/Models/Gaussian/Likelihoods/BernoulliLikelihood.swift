import Probability
import Settings
import Tensors

/// Zeros and ones, each with a probability; on grey values a loss.
public struct BernoulliLikelihoodRecipe: LikelihoodRecipe {
    /// Its name.
    public static let kind = "bernoulli"
    /// Its line in the help.
    public static let help = "Zeros and ones; on grey values a loss."
    /// It has no settings.
    public static var settings: [Setting<BernoulliLikelihoodRecipe>] { [] }

    /// The choice.
    public init() {}

    /// Zeros and ones.
    public var support: Support { .binary }

    /// A logit for each element.
    public func outputs(forChannels channels: Int) -> Int { channels }

    /// The output is the logits.
    public func head(for exampleShape: [Int]) -> any LikelihoodHead {
        let eventRank = exampleShape.count
        return PlainHead { Bernoulli(logits: $0, eventRank: eventRank) }
    }

    /// The choice in a phrase.
    public var summary: String { "Bernoulli likelihood" }

    /// The logits of the mean.
    ///
    /// The limits are those of the code of Burda, Grosse, Salakhutdinov 2016, arXiv:1509.00519.
    public func bias(forMean mean: Tensor) -> Tensor? {
        let limited = mean.clamped(from: 0.001, to: 0.999)
        return limited.log() - (1 - limited).log()
    }
}

extension LikelihoodRecipe where Self == BernoulliLikelihoodRecipe {
    /// Zeros and ones, each with a probability; on grey values a loss.
    public static var bernoulli: BernoulliLikelihoodRecipe { BernoulliLikelihoodRecipe() }
}
