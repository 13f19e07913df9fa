import Layers
import Probability
import Settings
import Tensors

/// The mixture of the posteriors of all training examples.
public struct AggregatedPriorRecipe: PriorRecipe {
    /// How many examples.
    public var count: Int

    /// Its name.
    public static let kind = "aggregated"
    /// Its line in the help.
    public static let help =
        "The mixture of the posteriors of all training examples; only 'vae refit' makes it."
    /// Its settings.
    public static var settings: [Setting<AggregatedPriorRecipe>] {
        [.integer("count", \.count, in: 0...1_000_000_000)]
    }

    /// The choice, of no examples yet.
    public init() { self.init(count: 0) }

    /// The posteriors of so many examples.
    public init(count: Int) { self.count = count }

    /// The prior.
    public func make(
        _ configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> (any Prior)? { AggregatedPrior(count, configuration.latents) }

    /// The choice in a phrase.
    public var summary: String? { "prior of the posteriors of \(count) examples" }
    /// It is found, not fitted.
    public var isLearned: Bool { false }
    /// Its components are posteriors.
    public var isMadeOfPosteriors: Bool { true }

    /// Means and variances of the posteriors are kept.
    public func validate(for configuration: GaussianVAE.Configuration) throws {
        try require(count >= 1, "prior.count", count, "at least 1; 'vae refit' makes this prior of a run")
        try require(
            configuration.posterior.isDiagonal, "posterior", "\(configuration.posterior.json)",
            "diagonal or isotropic with the aggregated posterior as prior")
    }
}

extension PriorRecipe where Self == AggregatedPriorRecipe {
    /// The mixture of the posteriors of so many training examples.
    public static func aggregated(count: Int) -> AggregatedPriorRecipe {
        AggregatedPriorRecipe(count: count)
    }
}

/// 1/N Σ_n q(z | x_n) over the training examples, whose codes it remembers.
final class AggregatedPrior: Prior {
    private let means: Buffer
    private let logVariances: Buffer

    init(_ count: Int, _ size: Int) {
        means = Buffer(.zeros([count, size]))
        logVariances = Buffer(.zeros([count, size]))
    }

    func set(means: Tensor, logVariances: Tensor) {
        self.means.value.copy(from: means)
        self.logVariances.value.copy(from: logVariances)
    }

    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution {
        Mixture(
            logits: .zeros([means.value.size(along: 0)]),
            components: DiagonalGaussian(mean: means.value, logVariance: logVariances.value))
    }
}
