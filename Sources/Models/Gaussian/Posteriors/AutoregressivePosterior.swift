import Flows
import Probability
import Settings
import Tensors

/// A diagonal Gaussian through inverse autoregressive layers.
public struct AutoregressivePosteriorRecipe: PosteriorRecipe {
    /// How many layers.
    public var layers: Int
    /// Widths of the network in each.
    public var hidden: [Int]

    /// Its name.
    public static let kind = "autoregressive"
    /// Its line in the help.
    public static let help = "A diagonal Gaussian through inverse autoregressive layers."
    /// Its settings.
    public static var settings: [Setting<AutoregressivePosteriorRecipe>] {
        [
            AmortizedFlow.layersSetting(\.layers),
            .integers(
                "hidden", \.hidden, in: Limits.width,
                .option("flow-hidden", help: "Widths of the network in each layer of the flow.")),
        ]
    }

    /// The choice, of four layers.
    public init() { self.init(layers: 4, hidden: [128]) }

    /// So many layers with networks of these widths.
    public init(layers: Int, hidden: [Int]) {
        self.layers = layers
        self.hidden = hidden
    }

    // The context goes straight into the first hidden layer: the map that would bring it there is the encoder's.
    private func flow(_ size: Int) -> AmortizedFlow {
        AmortizedFlow(size: size, layers: layers, layerSizes: [hidden[0]])
    }

    /// Means and variances, and a context for each layer.
    public func outputs(forLatents size: Int) -> Int { flow(size).outputs }

    /// A Gaussian, then the layers, which have weights of their own.
    public func head(forLatents size: Int, using generator: inout Generator) -> any PosteriorHead {
        AutoregressivePosteriorHead(
            flow(size),
            MaskedAutoregressiveFlow(
                size: size, layers: layers, hidden: hidden, takesContext: true, using: &generator))
    }

    /// The choice in a phrase.
    public var summary: String? { "posterior through \(layers) inverse autoregressive layers" }

    /// A layer leads from unit to unit.
    public func validate(for configuration: GaussianVAE.Configuration) throws {
        try requireElements(configuration.latents, "latents")
    }
}

extension PosteriorRecipe where Self == AutoregressivePosteriorRecipe {
    /// A diagonal Gaussian through inverse autoregressive layers with networks of these widths in them.
    public static func autoregressive(layers: Int, hidden: [Int]) -> AutoregressivePosteriorRecipe {
        AutoregressivePosteriorRecipe(layers: layers, hidden: hidden)
    }
}

/// A Gaussian, then the inverse of an autoregressive flow, given a context for each layer.
private final class AutoregressivePosteriorHead: PosteriorHead {
    private let flow: MaskedAutoregressiveFlow
    private let layout: AmortizedFlow

    init(_ layout: AmortizedFlow, _ flow: MaskedAutoregressiveFlow) {
        self.layout = layout
        self.flow = flow
    }

    func callAsFunction(_ output: Tensor) -> any Posterior {
        let (base, contexts) = layout.parts(of: output)
        return TransformedDistribution(base, by: Inverted(flow.conditioned(on: contexts)))
    }
}
