import Flows
import Layers
import Probability
import Settings
import Tensors

/// N(0, I) through affine couplings, with networks of these widths in them.
public struct FlowPriorRecipe: PriorRecipe {
    /// How many couplings.
    public var layers: Int
    /// Widths of the network in each.
    public var hidden: [Int]

    /// Its name.
    public static let kind = "flow"
    /// Its line in the help.
    public static let help = "N(0, I) through affine couplings."
    /// Its settings.
    public static var settings: [Setting<FlowPriorRecipe>] {
        FlowPrior.settings(\.layers, \.hidden)
    }

    /// The choice, of six couplings.
    public init() { self.init(layers: 6, hidden: [128]) }

    /// So many couplings with networks of these widths.
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
            size, CouplingFlow.affine(size: size, layers: layers, hidden: hidden, using: &generator))
    }

    /// The choice in a phrase.
    public var summary: String? { "flow prior of \(layers) couplings" }

    /// A coupling parts z in two.
    public func validate(for configuration: GaussianVAE.Configuration) throws {
        try requireElements(configuration.latents, "latents")
    }
}

extension PriorRecipe where Self == FlowPriorRecipe {
    /// N(0, I) through affine couplings, with networks of these widths in them.
    public static func flow(layers: Int, hidden: [Int]) -> FlowPriorRecipe {
        FlowPriorRecipe(layers: layers, hidden: hidden)
    }
}

/// What becomes of N(0, I) in a flow, whose inverse is the quick direction: training asks for densities.
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

    /// The settings that all such priors have.
    static func settings<Root: Configurable>(
        _ layers: WritableKeyPath<Root, Int> & Sendable, _ hidden: WritableKeyPath<Root, [Int]> & Sendable
    ) -> [Setting<Root>] {
        [
            .integer(
                "layers", layers, in: Limits.layers, .option("flow-layers", help: "Layers of the flow.")),
            .integers(
                "hidden", hidden, in: Limits.width,
                .option("flow-hidden", help: "Widths of the network in each layer of the flow.")),
        ]
    }
}
