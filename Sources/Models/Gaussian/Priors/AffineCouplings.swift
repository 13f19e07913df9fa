import Flows
import Layers
import Probability
import Tensors

/// Affine couplings as the layers of a flow prior.
public enum AffineCouplings: PriorLayers {
    /// The name of the prior.
    public static let kind = "flow"
    /// The prior's line in the help.
    public static let help = "N(0, I) through affine couplings."
    /// What to call several layers.
    public static let noun = "couplings"

    /// The layers.
    public static func make(
        size: Int, layers: Int, hidden: [Int], using generator: inout Generator
    ) -> any Bijector & Module {
        CouplingFlow.affine(size: size, layers: layers, hidden: hidden, using: &generator)
    }
}

extension PriorRecipe where Self == FlowPriorRecipe<AffineCouplings> {
    /// N(0, I) through affine couplings, with networks of these widths in them.
    public static func flow(layers: Int, hidden: [Int]) -> FlowPriorRecipe<AffineCouplings> {
        FlowPriorRecipe(layers: layers, hidden: hidden)
    }
}
