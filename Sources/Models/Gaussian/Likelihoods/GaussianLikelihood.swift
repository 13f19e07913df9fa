import Settings
import Tensors

/// Real numbers around a mean, whose variance is given, learned or worked out.
public struct GaussianLikelihoodRecipe: LikelihoodRecipe {
    /// σ².
    public var variance: any VarianceRecipe

    /// Its name.
    public static let kind = "gaussian"
    /// Its line in the help.
    public static let help = "Real numbers."
    /// Its settings.
    public static var settings: [Setting<GaussianLikelihoodRecipe>] {
        [
            .kind(
                "variance", \.variance, of: GaussianVAE.variances,
                option: .option("likelihood-variance", help: "σ² of the Gaussian likelihood."))
        ]
    }

    /// The choice, with a fixed variance.
    public init() { self.init(variance: .fixed(FixedVarianceRecipe().value)) }

    /// Gaussian with a variance.
    public init(variance: any VarianceRecipe) { self.variance = variance }

    /// Real numbers.
    public var support: Support { .reals }

    /// A mean for each element, and what the variance takes.
    public func outputs(forChannels channels: Int) -> Int { channels * variance.outputsPerElement }

    /// Unless the variance is measured on the examples as they are.
    public var takesStandardization: Bool { !(variance is OptimalVarianceRecipe) }

    /// That of the variance.
    public func head(for exampleShape: [Int]) -> any LikelihoodHead { variance.head(for: exampleShape) }

    /// The choice in a phrase.
    public var summary: String { "Gaussian likelihood with \(variance.summary)" }
}

extension LikelihoodRecipe where Self == GaussianLikelihoodRecipe {
    /// Real numbers around a mean.
    public static func gaussian(variance: any VarianceRecipe) -> GaussianLikelihoodRecipe {
        GaussianLikelihoodRecipe(variance: variance)
    }
}
