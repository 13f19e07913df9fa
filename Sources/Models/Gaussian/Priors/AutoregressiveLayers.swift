import Flows
import Layers
import Probability
import Tensors

/// Masked autoregressive layers as those of a flow prior.
public enum AutoregressiveLayers: PriorLayers {
    /// The name of the prior.
    public static let kind = "autoregressive"
    /// The prior's line in the help.
    public static let help =
        "N(0, I) through masked autoregressive layers; a draw takes a pass for each unit."
    /// What to call several layers.
    public static let noun = "autoregressive layers"

    /// The layers.
    public static func make(
        size: Int, layers: Int, hidden: [Int], using generator: inout Generator
    ) -> any Bijector & Module {
        MaskedAutoregressiveFlow(size: size, layers: layers, hidden: hidden, using: &generator)
    }
}

extension PriorRecipe where Self == FlowPriorRecipe<AutoregressiveLayers> {
    /// N(0, I) through masked autoregressive layers, with networks of these widths in them.
    public static func autoregressive(layers: Int, hidden: [Int]) -> FlowPriorRecipe<AutoregressiveLayers> {
        FlowPriorRecipe(layers: layers, hidden: hidden)
    }
}
