import Probability
import Tensors

extension Site {
    /// log q(z | x) at the draw, in which gradients reach z, and not the posterior's parameters.
    ///
    /// - Precondition: The posterior is `Detachable`.
    var logPosteriorAlongDraw: Tensor {
        guard let posterior = posterior as? any Detachable else {
            preconditionFailure("the posterior of \(name) cannot be held fixed while z moves")
        }
        return posterior.withoutGradient().logProbability(of: draw.value)
    }

    /// log q(z | x) at the draw, in which gradients reach the posterior's parameters, and not z.
    ///
    /// - Precondition: The posterior is known at every z.
    var logPosteriorAtFixedDraw: Tensor { posterior!.logProbability(of: draw.value.withoutGradient()) }
}

// The one place where gradients with stopped parameters are derived.
extension Trace {
    /// A bound's value with the gradient that an estimator finds.
    ///
    /// - Parameters:
    ///   - generative: The bound that decoder and prior follow; its value is reported.
    ///   - inference: The bound that the encoder follows.
    ///   - estimator: How gradients are found.
    ///   - rateWeight: β, as in `logWeights(rateWeight:)`.
    ///   - averageLoss: The running mean of −F of the steps before.
    ///   - resampling: The draws of which these are the kept ones; `nil` where they are all.
    /// - Returns: A scalar, nats, summed over the batch.
    /// - Precondition: Posteriors depend on the examples alone, not on draws of other latents; they are known at every z,
    ///   and `Detachable` but for the score function.
    func bound(
        generative: MultiSampleBound, inference: MultiSampleBound, estimator: GradientEstimator,
        rateWeight: Double, averageLoss: Double?, resampling: Resampling? = nil
    ) -> Tensor {
        // The score function ignores the path through z, so this term may be detached.
        let logWeights = logWeights(rateWeight: rateWeight) {
            estimator.detachesPosterior ? $0.logPosteriorAlongDraw : $0.logPosterior.withoutGradient()
        }
        let numbers = resampling?.logWeights ?? logWeights.withoutGradient()
        let shares = withoutGradients {
            let all = estimator.shares(
                of: numbers, rateWeight: rateWeight, generative: generative, inference: inference,
                averageLoss: averageLoss)
            return resampling.map(all.keeping) ?? all
        }
        let surrogate = surrogate(logWeights, shares)
        return generative(numbers).sum() + (surrogate - surrogate.withoutGradient())
    }

    /// A scalar whose gradient has these shares; its value means nothing.
    private func surrogate(_ logWeights: Tensor, _ shares: GradientShares) -> Tensor {
        var sum = (logWeights * shares.generative).sum()
        if let path = shares.path {
            // Through the weights z has the gradient of share a; what d differs by is added.
            let draws = sites.map(\.value).filter(\.requiresGradient)
            let slopes = logWeights.sum().gradients(with: draws, keepingHistory: true)
            for (draw, slope) in zip(draws, slopes) {
                let missing = path - shares.generative
                let perElement = missing.reshaped(missing.shape + draw.shape.dropFirst(2).map { _ in 1 })
                sum += (draw * (slope * perElement)).sum()
            }
        }
        if let score = shares.score {
            for site in sites { sum += (site.logPosteriorAtFixedDraw * score).sum() }
        }
        return sum
    }
}
