import Probability
import Settings
import Tensors

/// A number for each pixel, or value of a row, from the decoder's network.
public struct PixelVarianceRecipe: VarianceRecipe {
    /// How the network's output becomes the variances.
    public var head: VarianceHead

    /// Its name.
    public static let kind = "pixel"
    /// Its line in the help.
    public static let help = "A number for each pixel, from the decoder."
    /// Its settings.
    public static var settings: [Setting<PixelVarianceRecipe>] {
        [
            .choice(
                "head", \.head,
                .option("pixel-variance-head", help: "How the decoder's output becomes the variances."))
        ]
    }

    /// The choice, by `exp`.
    public init() { self.init(head: .exp) }

    /// Variances by a head.
    public init(head: VarianceHead) { self.head = head }

    /// Mean and variance.
    public var outputsPerElement: Int { 2 }

    /// Means, then what becomes the variances.
    public func head(for exampleShape: [Int]) -> any LikelihoodHead {
        let values = exampleShape.reduce(1, *)
        let eventRank = exampleShape.count
        return PlainHead { [head] output in
            let leading = output.shape.prefix(output.rank - eventRank)
            // Channels come first in an example, so that halves of the channels are halves of all its values.
            let (mean, logVariance) = head.parameters(of: output.reshaped(leading + [2 * values]))
            return DiagonalGaussian(
                mean: mean.reshaped(leading + exampleShape),
                logVariance: logVariance.reshaped(leading + exampleShape), eventRank: eventRank)
        }
    }

    /// The choice in a phrase.
    public var summary: String { "a variance for each pixel by \(head.rawValue)" }
}

extension VarianceRecipe where Self == PixelVarianceRecipe {
    /// A number for each pixel by a head.
    public static func pixel(head: VarianceHead = .exp) -> PixelVarianceRecipe {
        PixelVarianceRecipe(head: head)
    }
}
