import Layers
import Probability
import Settings
import Tensors

/// What an encoder gives: draws with gradients, and a code to report.
///
/// The code is the mean of a Gaussian, and the image of its base's mean for a flow, whose mean and variances have no
/// closed form.
public typealias Posterior = Reparameterized & HasCentre

/// The settings of q(z | x), and how it is made of them.
///
/// A package adds posteriors of its own by `GaussianVAE.posteriors.register(_:)`.
public protocol PosteriorRecipe: Choice {
    /// How many numbers the encoder's network gives for z of a size.
    func outputs(forLatents size: Int) -> Int

    /// The end of an encoder, with weights of its own where the family has some.
    func head(forLatents size: Int, using generator: inout Generator) -> any PosteriorHead

    /// The choice in a phrase; `nil` for the plainest.
    var summary: String? { get }

    /// Whether it is a Gaussian whose units are independent.
    var isDiagonal: Bool { get }

    /// Whether log q(z | x) is known at every z, and at once: an autoregressive posterior takes a pass for each unit.
    var hasQuickDensity: Bool { get }

    /// Whether all probability is at one z.
    var isDeterministic: Bool { get }

    /// Checks that the posterior suits the rest of the model.
    ///
    /// - Throws: `SettingsError`, which names settings of the configuration.
    func validate(for configuration: GaussianVAE.Configuration) throws
}

extension PosteriorRecipe {
    /// `false`, unless a kind says otherwise.
    public var isDiagonal: Bool { false }

    /// `false`, unless a kind says otherwise.
    public var hasQuickDensity: Bool { false }

    /// `false`, unless a kind says otherwise.
    public var isDeterministic: Bool { false }

    /// Asks nothing, unless a kind says otherwise.
    public func validate(for configuration: GaussianVAE.Configuration) throws {}
}

extension GaussianVAE {
    /// The posteriors by name.
    public static let posteriors = Registry<any PosteriorRecipe.Type>(
        "posterior",
        [
            DiagonalPosteriorRecipe.self, IsotropicPosteriorRecipe.self, FullPosteriorRecipe.self,
            LowRankPosteriorRecipe.self, PlanarPosteriorRecipe.self, RadialPosteriorRecipe.self,
            AutoregressivePosteriorRecipe.self, SylvesterPosteriorRecipe.self,
            DeterministicPosteriorRecipe.self,
        ])
}

/// The end of an encoder: makes q(z | x) of what the network gives.
public protocol PosteriorHead: Module {
    /// Shapes: `output` `[batch, outputs]` → a distribution over `[batch, latents]`.
    func callAsFunction(_ output: Tensor) -> any Posterior
}

/// A head without weights: q(z | x) is a function of the network's output.
public final class PlainPosteriorHead: PosteriorHead {
    private let distribution: (Tensor) -> any Posterior

    /// The head of a function.
    public init(_ distribution: @escaping (Tensor) -> any Posterior) { self.distribution = distribution }

    /// The function's distribution.
    public func callAsFunction(_ output: Tensor) -> any Posterior { distribution(output) }
}
