import Tensors

/// The loss that maximises a bound made of log weights: the mean of −F over a batch.
///
/// With K draws of z an importance-weighted bound lies between the ELBO and log p(x), and its encoder is free to spread
/// where the ELBO's must fit. In a warm-up log w = log p(x | z) + β (log p(z) − log q(z | x)).
///
/// Encoder and decoder may follow bounds of their own: the tighter the bound, the better it is for the decoder, and the
/// less of the encoder's gradient stands out of its noise (PIWAE).
///
/// Source: Burda, Grosse, Salakhutdinov 2016, eq. 8, arXiv:1509.00519; Rainforth et al. 2018, section 4,
/// arXiv:1802.04537.
public struct NegativeMultiSampleBound: Objective, Equatable, Sendable {
    /// The bound that decoder and prior follow, and whose value is the loss.
    public var generative: MultiSampleBound
    /// The bound that the encoder follows.
    public var inference: MultiSampleBound
    /// How gradients are found.
    public var estimator: GradientEstimator
    /// How β grows.
    public var warmUp: WarmUp

    /// A loss.
    ///
    /// - Parameters:
    ///   - generative: The bound that decoder and prior follow.
    ///   - inference: The bound that the encoder follows; the same when absent.
    ///   - estimator: How gradients are found.
    ///   - warmUp: How β grows.
    public init(
        _ generative: MultiSampleBound, inference: MultiSampleBound? = nil,
        estimator: GradientEstimator = .reparameterized, warmUp: WarmUp = WarmUp()
    ) {
        self.generative = generative
        self.inference = inference ?? generative
        self.estimator = estimator
        self.warmUp = warmUp
    }

    /// β at a step, counted from 0.
    public func rateWeight(atStep step: Int) -> Double { warmUp.weight(atStep: step) }

    /// The mean of −F; of a resampling that of all draws, with the gradient through those kept.
    ///
    /// - Precondition: A resampling is by the weights of this step, of importance-weighted bounds, and not for the
    ///   score function.
    public func loss(of terms: Terms, bound: Bound, at moment: Moment, using noise: inout Generator) -> Tensor
    {
        let rateWeight = rateWeight(atStep: moment.step)
        // The plain gradient of one bound needs no help, and takes any posterior.
        if estimator == .reparameterized, inference == generative {
            let logWeights = terms.logWeights(rateWeight: rateWeight)
            guard let resampling = terms.resampling else { return -generative(logWeights).mean() }
            let kept = logWeights.mean()
            return -(generative(resampling.logWeights).mean() + (kept - kept.withoutGradient()))
        }
        return -terms.bound(
            generative: generative, inference: inference, estimator: estimator, rateWeight: rateWeight,
            averageLoss: moment.averageLoss)
    }
}
