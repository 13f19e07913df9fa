import Layers
import Settings
import Tensors

/// Fully connected hidden layers, from the data inwards.
public struct ConnectedNetworkRecipe: NetworkRecipe {
    /// Widths of the hidden layers, that next to the data first.
    public var hidden: [Int]
    /// The non-linearity.
    public var activation: Activation

    /// Its name.
    public static let kind = "mlp"
    /// Its line in the help.
    public static let help = "Fully connected layers."
    /// Its settings.
    public static var settings: [Setting<ConnectedNetworkRecipe>] {
        [
            HiddenLayers.setting(\.hidden),
            .choice("activation", \.activation, .option("activation", help: "The non-linearity of an mlp.")),
        ]
    }

    /// The choice, of one layer of 400.
    public init() { self.init(hidden: [400]) }

    /// Hidden layers of these widths.
    public init(hidden: [Int], activation: Activation = .relu) {
        self.hidden = hidden
        self.activation = activation
    }

    /// From x, flat, inwards.
    public func encoder(
        from configuration: GaussianVAE.Configuration, outputs: Int, using generator: inout Generator
    ) -> (hidden: [any Layer], head: any Layer) {
        HiddenLayers.encoder(hidden, configuration, outputs: outputs, using: &generator, layers)
    }

    /// From z outwards.
    public func decoder(
        to configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> [any Layer] {
        HiddenLayers.decoder(hidden, configuration, using: &generator, layers)
    }

    private func layers(_ inputs: Int, _ outputs: Int, _ generator: inout Generator) -> [any Layer] {
        let fused = activation.fused
        let linear = Linear(
            inputs: inputs, outputs: outputs, activation: fused ?? .none, using: &generator)
        return fused == nil ? [linear, ActivationLayer(activation)] : [linear]
    }

    /// The last width.
    public var features: Int { hidden.last ?? 0 }
    /// The last layer is a linear one.
    public var endsWithBias: Bool { true }
    /// The choice in a phrase.
    public var summary: String { "fully connected \(hidden), \(activation)" }
}

extension NetworkRecipe where Self == ConnectedNetworkRecipe {
    /// Fully connected hidden layers, from the data inwards.
    public static func mlp(hidden: [Int], activation: Activation = .relu) -> ConnectedNetworkRecipe {
        ConnectedNetworkRecipe(hidden: hidden, activation: activation)
    }
}

/// Stacks of connected layers, mirrored on both sides of z.
enum HiddenLayers {
    /// Makes the layers between two widths.
    typealias Maker = (_ inputs: Int, _ outputs: Int, _ generator: inout Generator) -> [any Layer]

    static func encoder(
        _ hidden: [Int], _ configuration: GaussianVAE.Configuration, outputs: Int,
        using generator: inout Generator, _ layers: Maker
    ) -> (hidden: [any Layer], head: any Layer) {
        let stack = stack([configuration.dimensions] + hidden, using: &generator, layers)
        return ([Flatten()] + stack, Linear(inputs: hidden.last!, outputs: outputs, using: &generator))
    }

    static func decoder(
        _ hidden: [Int], _ configuration: GaussianVAE.Configuration, using generator: inout Generator,
        _ layers: Maker
    ) -> [any Layer] {
        let stack = stack([configuration.decoderInputs] + hidden.reversed(), using: &generator, layers)
        return stack + [Linear(inputs: hidden[0], outputs: configuration.outputs, using: &generator)]
    }

    private static func stack(
        _ widths: [Int], using generator: inout Generator, _ layers: Maker
    ) -> [any Layer] {
        zip(widths, widths.dropFirst()).flatMap { layers($0, $1, &generator) }
    }

    /// The setting of the widths.
    static func setting<Root: Configurable>(
        _ path: WritableKeyPath<Root, [Int]> & Sendable
    ) -> Setting<Root> {
        .integers(
            "hidden", path, in: Limits.width,
            .option(
                "hidden", default: "suits the data",
                help: "Widths of the connected layers, that next to the data first."))
    }
}
