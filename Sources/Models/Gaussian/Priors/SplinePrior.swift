import Flows
import Settings
import Tensors

/// N(0, I) through spline couplings, with networks of these widths in them.
public struct SplinePriorRecipe: PriorRecipe {
    /// How many layers.
    public var layers: Int
    /// Widths of the network in each.
    public var hidden: [Int]

    /// Its name.
    public static let kind = "spline"
    /// Its line in the help.
    public static let help = "N(0, I) through spline couplings, which bend more freely."
    /// Its settings.
    public static var settings: [Setting<SplinePriorRecipe>] {
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
            size, CouplingFlow.spline(size: size, layers: layers, hidden: hidden, using: &generator))
    }

    /// The choice in a phrase.
    public var summary: String? { "flow prior of \(layers) spline couplings" }

    /// A layer leads from unit to unit.
    public func validate(for configuration: GaussianVAE.Configuration) throws {
        try requireElements(configuration.latents, "latents")
    }
}

extension PriorRecipe where Self == SplinePriorRecipe {
    /// N(0, I) through spline couplings, with networks of these widths in them.
    public static func spline(layers: Int, hidden: [Int]) -> SplinePriorRecipe {
        SplinePriorRecipe(layers: layers, hidden: hidden)
    }
}
