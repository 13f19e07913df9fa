import Flows
import Layers
import Probability
import Tensors

/// Spline couplings as the layers of a flow prior.
public enum SplineCouplings: PriorLayers {
    /// The name of the prior.
    public static let kind = "spline"
    /// The prior's line in the help.
    public static let help = "N(0, I) through spline couplings, which bend more freely."
    /// What to call several layers.
    public static let noun = "spline couplings"

    /// The layers.
    public static func make(
        size: Int, layers: Int, hidden: [Int], using generator: inout Generator
    ) -> any Bijector & Module {
        CouplingFlow.spline(size: size, layers: layers, hidden: hidden, using: &generator)
    }
}

extension PriorRecipe where Self == FlowPriorRecipe<SplineCouplings> {
    /// N(0, I) through spline couplings, with networks of these widths in them.
    public static func spline(layers: Int, hidden: [Int]) -> FlowPriorRecipe<SplineCouplings> {
        FlowPriorRecipe(layers: layers, hidden: hidden)
    }
}
