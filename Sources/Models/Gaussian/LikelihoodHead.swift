import Bounds
import Layers
import Probability
import Tensors

/// The end of a decoder: makes p(x | z) of what the network gives, with state of its own where the family has some.
public protocol LikelihoodHead: Module {
    /// Shapes: `output` `[batch..., outputs, places...]` → a distribution over `[batch...] + exampleShape`.
    ///
    /// - Parameters:
    ///   - output: Of the network.
    ///   - walk: Takes changes of the head's own state.
    /// - Returns: p(x | z).
    func callAsFunction(_ output: Tensor, _ walk: Walk) -> any Likelihood
}

/// A head without state: p(x | z) is a function of the network's output.
public final class PlainHead: LikelihoodHead {
    private let distribution: (Tensor) -> any Likelihood

    /// The head of a function.
    public init(_ distribution: @escaping (Tensor) -> any Likelihood) {
        self.distribution = distribution
    }

    /// The function's distribution.
    public func callAsFunction(_ output: Tensor, _ walk: Walk) -> any Likelihood { distribution(output) }
}
