import Probability
import Settings
import Tensors

/// A Gaussian with one variance for all units.
public struct IsotropicPosteriorRecipe: PosteriorRecipe {
    /// Its name.
    public static let kind = "isotropic"
    /// Its line in the help.
    public static let help = "A Gaussian with one variance for all units."
    /// It has no settings.
    public static var settings: [Setting<IsotropicPosteriorRecipe>] { [] }

    /// The choice.
    public init() {}

    /// One for each unit, and the variance.
    public func outputs(forLatents size: Int) -> Int { size + 1 }

    /// Means, then the logarithm of the variance.
    public func head(forLatents size: Int, using generator: inout Generator) -> any PosteriorHead {
        PlainPosteriorHead { output in
            let parts = output.split([size, 1], along: -1)
            let logVariance = VarianceHead.exp.logVariance(of: parts[1])
            return DiagonalGaussian(mean: parts[0], logVariance: logVariance.broadcast(to: parts[0].shape))
        }
    }

    /// The choice in a phrase.
    public var summary: String? { "isotropic posterior" }
    /// The units are independent.
    public var isDiagonal: Bool { true }
    /// The density is known at once at every z.
    public var hasQuickDensity: Bool { true }
}

extension PosteriorRecipe where Self == IsotropicPosteriorRecipe {
    /// A Gaussian with one variance for all units.
    public static var isotropic: IsotropicPosteriorRecipe { IsotropicPosteriorRecipe() }
}
