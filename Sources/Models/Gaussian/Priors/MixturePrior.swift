import Layers
import Probability
import Settings
import Tensors

/// A mixture of Gaussians with learned weights, means and variances.
public struct MixturePriorRecipe: PriorRecipe {
    /// How many Gaussians.
    public var components: Int

    /// Its name.
    public static let kind = "mixture"
    /// Its line in the help.
    public static let help = "A mixture of Gaussians with learned weights, means and variances."
    /// Its settings.
    public static var settings: [Setting<MixturePriorRecipe>] {
        [
            .integer(
                "components", \.components, in: Limits.width,
                .option("components", placeholder: "k", help: "Gaussians of the mixture."))
        ]
    }

    /// The choice, of fifty Gaussians.
    public init() { self.init(components: 50) }

    /// A mixture of so many Gaussians.
    public init(components: Int) { self.components = components }

    /// The prior.
    public func make(
        _ configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> (any Prior)? { MixturePrior(components, configuration.latents, using: &generator) }

    /// The choice in a phrase.
    public var summary: String? { "prior of \(components) Gaussians" }
}

extension PriorRecipe where Self == MixturePriorRecipe {
    /// A mixture of so many Gaussians.
    public static func mixture(components: Int) -> MixturePriorRecipe {
        MixturePriorRecipe(components: components)
    }
}

/// Σ_k π_k N(μ_k, diag σ_k²), whose centres begin as draws of N(0, I).
private final class MixturePrior: Prior {
    private let logits: Parameter
    private let means: Parameter
    private let logVariances: Parameter

    init(_ components: Int, _ size: Int, using generator: inout Generator) {
        logits = Parameter(.zeros([components]))
        means = Parameter(generator.normal([components, size]))
        logVariances = Parameter(.zeros([components, size]))
    }

    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution {
        Mixture(
            logits: logits.value,
            components: DiagonalGaussian(mean: means.value, logVariance: logVariances.value))
    }
}
