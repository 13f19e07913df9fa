import Bounds
import Layers
import Probability
import Tensors

/// The end of a decoder: makes p(x | z) of what the network gives, with state of its own where the family has some.
protocol LikelihoodHead: Module {
    /// Shapes: `output` `[batch..., outputs, places...]` → a distribution over `[batch...] + exampleShape`.
    func callAsFunction(_ output: Tensor) -> any Likelihood

    /// As `LatentVariableModel.deferredUpdate(from:)`.
    func deferredUpdate(from terms: Terms) -> (() -> Void)?
}

extension LikelihoodHead {
    func deferredUpdate(from terms: Terms) -> (() -> Void)? { nil }
}

/// A head without state: p(x | z) is a function of the network's output.
final class PlainHead: LikelihoodHead {
    private let distribution: (Tensor) -> any Likelihood

    init(_ distribution: @escaping (Tensor) -> any Likelihood) {
        self.distribution = distribution
    }

    func callAsFunction(_ output: Tensor) -> any Likelihood { distribution(output) }
}
