import Probability
import Settings
import Tensors

/// N(0, I).
public struct StandardPriorRecipe: PriorRecipe {
    /// Its name.
    public static let kind = "standard"
    /// Its line in the help.
    public static let help = "N(0, I)."
    /// It has no settings.
    public static var settings: [Setting<StandardPriorRecipe>] { [] }

    /// The choice.
    public init() {}

    /// The prior.
    public func make(
        _ configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> (any Prior)? { StandardPrior(configuration.latents) }

    /// Nothing to say.
    public var summary: String? { nil }
    /// There is nothing to fit.
    public var isLearned: Bool { false }
}

extension PriorRecipe where Self == StandardPriorRecipe {
    /// N(0, I).
    public static var standard: StandardPriorRecipe { StandardPriorRecipe() }
}

/// N(0, I).
private final class StandardPrior: Prior {
    private let size: Int

    init(_ size: Int) { self.size = size }

    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution {
        DiagonalGaussian.standard(size)
    }
}
