import Tensors

/// The loss that maximises the importance-weighted bound: the mean of −log 1/K Σ_k w_k over a batch.
///
/// With K draws of z it lies between the ELBO and log p(x), and its encoder is free to spread where the ELBO's must
/// fit. In a warm-up log w = log p(x | z) + β (log p(z) − log q(z | x)).
///
/// Source: Burda, Grosse, Salakhutdinov 2016, eq. 8, arXiv:1509.00519.
public struct NegativeImportanceWeightedBound: Objective, Equatable {
    /// How β grows.
    public var warmUp: WarmUp

    /// A loss with a warm-up.
    public init(warmUp: WarmUp = WarmUp()) {
        self.warmUp = warmUp
    }

    /// β at a step, counted from 0.
    public func rateWeight(atStep step: Int) -> Double { warmUp.weight(atStep: step) }

    /// The mean of −log 1/K Σ_k w_k.
    public func loss(of terms: Terms, bound: Bound, atStep step: Int) -> Tensor {
        -terms.importanceWeightedBound(rateWeight: rateWeight(atStep: step)).mean()
    }
}
