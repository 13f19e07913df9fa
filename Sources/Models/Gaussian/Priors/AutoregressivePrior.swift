import Flows
import Settings
import Tensors

/// N(0, I) through masked autoregressive layers, with networks of these widths in them.
public struct AutoregressivePriorRecipe: PriorRecipe {
    /// How many layers.
    public var layers: Int
    /// Widths of the network in each.
    public var hidden: [Int]

    /// Its name.
    public static let kind = "autoregressive"
    /// Its line in the help.
    public static let help =
        "N(0, I) through masked autoregressive layers; a draw takes a pass for each unit."
    /// Its settings.
    public static var settings: [Setting<AutoregressivePriorRecipe>] {
        FlowPrior.settings(\.layers, \.hidden)
    }

    /// The choice, of six layers.
    public init() { self.init(layers: 6, hidden: [128]) }

    /// So many layers with networks of these widths.
    public init(layers: Int, hidden: [Int]) {
        self.layers = layers
        self.hidden = hidden
    }

    /// The prior.
    public func make(
        _ configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> (any Prior)? {
        let size = configuration.latents
        return FlowPrior(
            size, MaskedAutoregressiveFlow(size: size, layers: layers, hidden: hidden, using: &generator))
    }

    /// The choice in a phrase.
    public var summary: String? { "flow prior of \(layers) autoregressive layers" }

    /// A layer leads from unit to unit.
    public func validate(for configuration: GaussianVAE.Configuration) throws {
        try requireElements(configuration.latents, "latents")
    }
}

extension PriorRecipe where Self == AutoregressivePriorRecipe {
    /// N(0, I) through masked autoregressive layers, with networks of these widths in them.
    public static func autoregressive(layers: Int, hidden: [Int]) -> AutoregressivePriorRecipe {
        AutoregressivePriorRecipe(layers: layers, hidden: hidden)
    }
}
