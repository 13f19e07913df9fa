import Probability
import Settings
import Tensors

/// The 256 levels of images, each with a probability of its own.
public struct CategoricalLikelihoodRecipe: LikelihoodRecipe {
    /// Its name.
    public static let kind = "categorical"
    /// Its line in the help.
    public static let help = "The 256 levels of images, each with a probability of its own."
    /// It has no settings.
    public static var settings: [Setting<CategoricalLikelihoodRecipe>] { [] }

    /// The choice.
    public init() {}

    /// Levels.
    public var support: Support { .levels }

    /// A logit for each level of each element.
    public func outputs(forChannels channels: Int) -> Int { channels * Levels.bytes.count }

    /// The output is the logits.
    public func head(for exampleShape: [Int]) -> any LikelihoodHead {
        let (channels, eventRank) = (exampleShape[0], exampleShape.count)
        return PlainHead { output in
            // [..., channels · levels, pixels...] → [..., channels, pixels..., levels]
            let levels = Levels.bytes.count
            let leading = output.rank - eventRank
            let split = output.reshaped(
                output.shape.prefix(leading) + [channels, levels] + output.shape.suffix(eventRank - 1))
            let pixels = Array((leading + 2)..<split.rank)
            return CategoricalLevels(
                logits: split.permuted(Array(0...leading) + pixels + [leading + 1]), eventRank: eventRank)
        }
    }

    /// The choice in a phrase.
    public var summary: String { "categorical likelihood over levels" }
}

extension LikelihoodRecipe where Self == CategoricalLikelihoodRecipe {
    /// The 256 levels of images, each with a probability of its own.
    public static var categorical: CategoricalLikelihoodRecipe { CategoricalLikelihoodRecipe() }
}
