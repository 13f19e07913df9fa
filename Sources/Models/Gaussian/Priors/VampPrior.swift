import Layers
import Probability
import Settings
import Tensors

/// The mixture of the posteriors of learned pseudo-inputs.
public struct VampPriorRecipe: PriorRecipe {
    /// How many pseudo-inputs.
    public var components: Int

    /// Its name.
    public static let kind = "vamp"
    /// Its line in the help.
    public static let help = "The mixture of the posteriors of learned pseudo-inputs."
    /// Its settings.
    public static var settings: [Setting<VampPriorRecipe>] {
        [
            .integer(
                "components", \.components, in: Limits.width,
                .option("components", placeholder: "k", help: "Pseudo-inputs."))
        ]
    }

    /// The choice, of five hundred pseudo-inputs.
    public init() { self.init(components: 500) }

    /// The posteriors of so many pseudo-inputs.
    public init(components: Int) { self.components = components }

    /// The prior.
    public func make(
        _ configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> (any Prior)? { VampPrior(components, configuration, using: &generator) }

    /// The choice in a phrase.
    public var summary: String? { "VampPrior of \(components) pseudo-inputs" }
    /// Its components are posteriors.
    public var isMadeOfPosteriors: Bool { true }

    /// The densities of the posteriors are asked for at every z.
    public func validate(for configuration: GaussianVAE.Configuration) throws {
        try require(
            configuration.posterior.hasQuickDensity, "prior", "vamp",
            "a prior other than vamp, which asks for densities that this posterior knows at its own draws only"
        )
    }
}

extension PriorRecipe where Self == VampPriorRecipe {
    /// The mixture of the posteriors of so many learned pseudo-inputs.
    public static func vamp(components: Int) -> VampPriorRecipe { VampPriorRecipe(components: components) }
}

/// 1/K Σ_k q(z | u_k), the posteriors of learned pseudo-inputs u: the aggregated posterior with few terms.
///
/// Source: Tomczak, Welling 2018, "VAE with a VampPrior", eq. 9, arXiv:1705.07120.
private final class VampPrior: Prior {
    private let pseudoInputs: Parameter
    /// Whether examples lie in [0, 1], where a sigmoid keeps the pseudo-inputs as well.
    private let isBounded: Bool

    init(_ components: Int, _ configuration: GaussianVAE.Configuration, using generator: inout Generator) {
        isBounded = ![.reals, .counts].contains(configuration.likelihood.support)
        let noise = generator.normal([components] + configuration.exampleShape)
        // Mostly dark, as the pictures are that this was made for, and unlike one another.
        pseudoInputs = Parameter(isBounded ? noise - 3 : noise)
    }

    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution {
        let inputs = pseudoInputs.value
        return Mixture(
            logits: .zeros([inputs.size(along: 0)]),
            components: encoder(isBounded ? inputs.sigmoid() : inputs))
    }
}
