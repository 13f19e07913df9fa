import Probability
import Settings
import Tensors

/// The 256 levels of images by a normal density, with a location and a scale for each element.
public struct DiscretizedGaussianLikelihoodRecipe: LikelihoodRecipe {
    /// Its name.
    public static let kind = "discretized-gaussian"
    /// Its line in the help.
    public static let help = "The 256 levels of images, by the mass of a normal density in each."
    /// It has no settings.
    public static var settings: [Setting<DiscretizedGaussianLikelihoodRecipe>] { [] }

    /// The choice.
    public init() {}

    /// Levels.
    public var support: Support { .levels }

    /// Two for each element.
    public func outputs(forChannels channels: Int) -> Int { 2 * channels }

    /// Locations, then logarithms of scales.
    public func head(for exampleShape: [Int]) -> any LikelihoodHead {
        DiscretizedDensity.head(.gaussian, for: exampleShape)
    }

    /// The choice in a phrase.
    public var summary: String { "discretised Gaussian likelihood" }
}

extension LikelihoodRecipe where Self == DiscretizedGaussianLikelihoodRecipe {
    /// The 256 levels of images by a normal density, with a location and a scale for each element.
    public static var discretizedGaussian: DiscretizedGaussianLikelihoodRecipe {
        DiscretizedGaussianLikelihoodRecipe()
    }
}
