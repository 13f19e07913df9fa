import Layers
import Probability
import Settings
import Tensors

/// One Gaussian with learned mean and variances.
public struct LearnedPriorRecipe: PriorRecipe {
    /// Its name.
    public static let kind = "learned"
    /// Its line in the help.
    public static let help =
        "One Gaussian with a mean and variances of its own, for each class if there are classes."
    /// It has no settings.
    public static var settings: [Setting<LearnedPriorRecipe>] { [] }

    /// The choice.
    public init() {}

    /// The prior.
    public func make(
        _ configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> (any Prior)? { LearnedPrior(configuration.latents, classes: configuration.classes) }

    /// The choice in a phrase.
    public var summary: String? { "learned Gaussian prior" }
}

extension PriorRecipe where Self == LearnedPriorRecipe {
    /// One Gaussian with learned mean and variances.
    public static var learned: LearnedPriorRecipe { LearnedPriorRecipe() }
}

/// N(μ, diag σ²), or N(μ_y, diag σ_y²) for each class y, which begins as N(0, I).
private final class LearnedPrior: Prior {
    private let mean: Parameter
    private let logVariance: Parameter
    let dependsOnClass: Bool

    init(_ size: Int, classes: Int) {
        dependsOnClass = classes > 0
        let shape = dependsOnClass ? [classes, size] : [size]
        mean = Parameter(.zeros(shape))
        logVariance = Parameter(.zeros(shape))
    }

    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution {
        guard dependsOnClass, let classes else {
            return DiagonalGaussian(mean: mean.value, logVariance: logVariance.value)
        }
        return DiagonalGaussian(
            mean: classes.matmul(mean.value), logVariance: classes.matmul(logVariance.value))
    }
}
