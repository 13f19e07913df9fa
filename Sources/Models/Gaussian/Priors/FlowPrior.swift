import Flows
import Layers
import Probability
import Settings
import Tensors

/// N(0, I) through the layers of a flow, with networks of these widths in them.
public struct FlowPriorRecipe<Layers: PriorLayers>: PriorRecipe {
    /// How many layers.
    public var layers: Int
    /// Widths of the network in each.
    public var hidden: [Int]

    /// That of the layers.
    public static var kind: String { Layers.kind }
    /// That of the layers.
    public static var help: String { Layers.help }
    /// Its settings.
    public static var settings: [Setting<FlowPriorRecipe>] { flowSettings(\.layers, \.hidden) }

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
            size, Layers.make(size: size, layers: layers, hidden: hidden, using: &generator))
    }

    /// The choice in a phrase.
    public var summary: String? { "flow prior of \(layers) \(Layers.noun)" }

    /// Each layer transforms some elements of z given others, so z has at least two.
    public func validate(for configuration: GaussianVAE.Configuration) throws {
        try requireElements(configuration.latents, "latents")
    }
}

/// A kind of layers for the flow of a prior.
public protocol PriorLayers {
    /// The name of the prior.
    static var kind: String { get }

    /// The prior's line in the help.
    static var help: String { get }

    /// What to call several layers.
    static var noun: String { get }

    /// The layers, whose inverse is the quick direction, as training asks for densities.
    static func make(
        size: Int, layers: Int, hidden: [Int], using generator: inout Generator
    ) -> any Bijector & Module
}

/// The density of N(0, I) transformed by a flow.
///
/// Source: MIPT Deep Generative Models 6; Chen et al. 2017, "Variational lossy autoencoder", section 3.2,
/// arXiv:1611.02731, for autoregressive layers.
final class FlowPrior: Prior {
    private let flow: any Bijector & Module
    private let size: Int

    init(_ size: Int, _ flow: any Bijector & Module) {
        self.size = size
        self.flow = flow
    }

    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution {
        TransformedDistribution(DiagonalGaussian.standard(size), by: flow)
    }
}
