import Probability
import Settings
import Tensors

/// The 256 levels of images by a logistic density, with a location and a scale for each element.
public struct DiscretizedLogisticLikelihoodRecipe: LikelihoodRecipe {
    /// Its name.
    public static let kind = "discretized-logistic"
    /// Its line in the help.
    public static let help = "The 256 levels of images, by the mass of a logistic density in each."
    /// It has no settings.
    public static var settings: [Setting<DiscretizedLogisticLikelihoodRecipe>] { [] }

    /// The choice.
    public init() {}

    /// Levels.
    public var support: Support { .levels }

    /// Two for each element.
    public func outputs(forChannels channels: Int) -> Int { 2 * channels }

    /// Locations, then logarithms of scales.
    public func head(for exampleShape: [Int]) -> any LikelihoodHead {
        DiscretizedDensity.head(.logistic, for: exampleShape)
    }

    /// The choice in a phrase.
    public var summary: String { "discretised logistic likelihood" }
}

extension LikelihoodRecipe where Self == DiscretizedLogisticLikelihoodRecipe {
    /// The 256 levels of images by a logistic density, with a location and a scale for each element.
    public static var discretizedLogistic: DiscretizedLogisticLikelihoodRecipe {
        DiscretizedLogisticLikelihoodRecipe()
    }
}

extension DiscretizedDensity {
    /// A head that gives a location and a scale for each element.
    static func head(_ family: Family, for exampleShape: [Int]) -> any LikelihoodHead {
        PlainHead { output in
            let (location, logScale) = halves(of: output, exampleShape)
            return DiscretizedDensity(
                family, location: location.sigmoid(), logScale: bounded(logScale - 2),
                eventRank: exampleShape.count)
        }
    }

    /// Softly bounded below: a scale of exp(−7) is a quarter of a level, and less says nothing more.
    private static func bounded(_ logScale: Tensor) -> Tensor { (logScale + 7).softplus() - 7 }
}
