import Layers
import Settings
import Tensors

/// The settings of the networks on both sides of z, and how they are made of them.
///
/// A package adds networks of its own by `GaussianVAE.networks.register(_:)`.
public protocol NetworkRecipe: Choice {
    /// The layers from x to the parameters of q(z | x): the hidden ones, and the head.
    ///
    /// Shapes: the hidden layers lead from `[batch] + exampleShape` to what the head reads, in a model of classes
    /// `[batch, features]`; the head leads to `[batch, outputs]`.
    ///
    /// - Parameters:
    ///   - configuration: The model.
    ///   - outputs: How many numbers the posterior takes.
    ///   - generator: Draws the weights.
    /// - Returns: The layers.
    func encoder(
        from configuration: GaussianVAE.Configuration, outputs: Int, using generator: inout Generator
    ) -> (hidden: [any Layer], head: any Layer)

    /// The layers from z to the parameters of p(x | z).
    ///
    /// Shapes: `[batch, configuration.decoderInputs]` → `configuration.outputs` numbers for each example, in the order
    /// `[outputs for each pixel, height, width]` of an image.
    ///
    /// - Parameters:
    ///   - configuration: The model.
    ///   - generator: Draws the weights.
    /// - Returns: The layers.
    func decoder(
        to configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> [any Layer]

    /// How many numbers the encoder's head reads, where it reads a vector.
    var features: Int { get }

    /// Whether z is a map, with a part for each of its pixels.
    var hasMap: Bool { get }

    /// Whether the decoder ends with a bias for each value, so that it can begin at a mean.
    var endsWithBias: Bool { get }

    /// The choice in a phrase.
    var summary: String { get }

    /// A size of z that the network can have, near another.
    ///
    /// - Parameters:
    ///   - exampleShape: Of the examples.
    ///   - size: The one that is wished for.
    /// - Returns: The size.
    func latents(for exampleShape: [Int], near size: Int) -> Int

    /// Checks that the networks suit the rest of the model.
    ///
    /// - Throws: `SettingsError`, which names settings of the configuration.
    func validate(for configuration: GaussianVAE.Configuration) throws
}

extension NetworkRecipe {
    /// `false`, unless a kind says otherwise.
    public var hasMap: Bool { false }

    /// `false`, unless a kind says otherwise.
    public var endsWithBias: Bool { false }

    /// Any size, unless a kind says otherwise.
    public func latents(for exampleShape: [Int], near size: Int) -> Int { size }

    /// Asks nothing, unless a kind says otherwise.
    public func validate(for configuration: GaussianVAE.Configuration) throws {}
}

extension GaussianVAE {
    /// The networks by name.
    public static let networks = Registry<any NetworkRecipe.Type>(
        "network",
        [
            ConnectedNetworkRecipe.self, ConvolutionalNetworkRecipe.self, GatedNetworkRecipe.self,
            ResidualNetworkRecipe.self,
        ])
}
