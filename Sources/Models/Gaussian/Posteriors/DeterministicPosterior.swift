import Probability
import Settings
import Tensors

/// All probability at one z: the autoencoder.
///
/// Its density is left out of the rate, which with a prior is −log p(z).
public struct DeterministicPosteriorRecipe: PosteriorRecipe {
    /// Its name.
    public static let kind = "deterministic"
    /// Its line in the help.
    public static let help = "One z for each x: the autoencoder, which has no prior ('vae refit' fits one)."
    /// It has no settings.
    public static var settings: [Setting<DeterministicPosteriorRecipe>] { [] }

    /// The choice.
    public init() {}

    /// One for each unit.
    public func outputs(forLatents size: Int) -> Int { size }

    /// The output is z.
    public func head(forLatents size: Int, using generator: inout Generator) -> any PosteriorHead {
        PlainPosteriorHead { PointMass(at: $0, eventRank: 1) }
    }

    /// The choice in a phrase.
    public var summary: String? { "deterministic encoder" }
    /// All probability is at one z.
    public var isDeterministic: Bool { true }
}

extension PosteriorRecipe where Self == DeterministicPosteriorRecipe {
    /// All probability at one z.
    public static var deterministic: DeterministicPosteriorRecipe { DeterministicPosteriorRecipe() }
}
