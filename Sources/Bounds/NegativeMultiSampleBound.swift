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
    /// How many of the draws go through the backward pass, kept by their weights; `nil` for all.
    public var backwardSamples: Int?

    /// A loss.
    ///
    /// - Parameters:
    ///   - generative: The bound that decoder and prior follow.
    ///   - inference: The bound that the encoder follows; the same when absent.
    ///   - estimator: How gradients are found.
    ///   - warmUp: How β grows.
    ///   - backwardSamples: How many of the draws go through the backward pass; all when absent. For importance-weighted
    ///     bounds, and not for the score function.
    public init(
        _ generative: MultiSampleBound, inference: MultiSampleBound? = nil,
        estimator: GradientEstimator = .reparameterized, warmUp: WarmUp = WarmUp(),
        backwardSamples: Int? = nil
    ) {
        self.generative = generative
        self.inference = inference ?? generative
        self.estimator = estimator
        self.warmUp = warmUp
        self.backwardSamples = backwardSamples
    }

    /// Where only some draws are learned from, these are replayed.
    public var recordsWalk: Bool { backwardSamples == nil }

    /// β.
    public func rateWeight(at moment: Moment) -> Double { warmUp.weight(at: moment) }

    /// Σ −F; where only some draws are kept, that of all, with the gradient through those kept.
    public func sums(of trace: Trace, at moment: Moment) -> Sums {
        Sums(examples: trace.count, ["loss": -value(of: trace, at: moment)])
    }

    /// Σ F with its gradient.
    private func value(of trace: Trace, at moment: Moment) -> Tensor {
        let rateWeight = rateWeight(at: moment)
        if moment.isFinal { return generative(trace.logWeights(rateWeight: rateWeight)).sum() }
        var resampling: Resampling?
        if let backwardSamples {
            var noise = trace.noisePerExample(named: "resampling")
            resampling = withoutGradients {
                Resampling(
                    trace.logWeights(rateWeight: rateWeight), keeping: backwardSamples, using: &noise)
            }
        }
        let learned = resampling.map { trace.replayed(draws: $0.draws) } ?? trace
        // The plain gradient of one bound needs no help, and takes any posterior.
        if estimator == .reparameterized, inference == generative {
            let logWeights = learned.logWeights(rateWeight: rateWeight)
            guard let resampling else { return generative(logWeights).sum() }
            let kept = logWeights.mean(along: 0).sum()
            return generative(resampling.logWeights).sum() + (kept - kept.withoutGradient())
        }
        return learned.bound(
            generative: generative, inference: inference, estimator: estimator, rateWeight: rateWeight,
            averageLoss: moment.averageLoss, resampling: resampling)
    }
}
