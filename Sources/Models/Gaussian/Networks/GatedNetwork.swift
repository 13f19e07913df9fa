import Layers
import Settings
import Tensors

/// Fully connected layers gated by a sigmoid.
///
/// Source: Tomczak, Welling 2018, arXiv:1705.07120.
public struct GatedNetworkRecipe: NetworkRecipe {
    /// Widths of the hidden layers, that next to the data first.
    public var hidden: [Int]

    /// Its name.
    public static let kind = "gated"
    /// Its line in the help.
    public static let help = "Fully connected layers gated by a sigmoid."
    /// Its settings.
    public static var settings: [Setting<GatedNetworkRecipe>] { [HiddenLayers.setting(\.hidden)] }

    /// The choice, of one layer of 400.
    public init() { self.init(hidden: [400]) }

    /// Hidden layers of these widths.
    public init(hidden: [Int]) { self.hidden = hidden }

    /// From x, flat, inwards.
    public func encoder(
        from configuration: GaussianVAE.Configuration, outputs: Int, using generator: inout Generator
    ) -> (hidden: [any Layer], head: any Layer) {
        HiddenLayers.encoder(hidden, configuration, outputs: outputs, using: &generator, Self.layers)
    }

    /// From z outwards.
    public func decoder(
        to configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> [any Layer] {
        HiddenLayers.decoder(hidden, configuration, using: &generator, Self.layers)
    }

    private static func layers(_ inputs: Int, _ outputs: Int, _ generator: inout Generator) -> [any Layer] {
        [GatedLinear(inputs: inputs, outputs: outputs, using: &generator)]
    }

    /// The last width.
    public var features: Int { hidden.last ?? 0 }
    /// The last layer is a linear one.
    public var endsWithBias: Bool { true }
    /// The choice in a phrase.
    public var summary: String { "gated layers \(hidden)" }
}

extension NetworkRecipe where Self == GatedNetworkRecipe {
    /// Fully connected layers gated by a sigmoid.
    public static func gated(hidden: [Int]) -> GatedNetworkRecipe { GatedNetworkRecipe(hidden: hidden) }
}
