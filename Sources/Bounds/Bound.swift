import Probability
import Tensors

/// What a reported number is.
public enum BoundKind: String, Sendable, Codable {
    /// log p(x) itself.
    case exact
    /// A lower bound of log p(x).
    case bound
    /// Neither: no likelihood of the data stands behind it (an autoencoder; a Bernoulli on grey values).
    case loss
}

/// How the rate is found.
public enum RateEstimate: String, Sendable, Codable, CaseIterable {
    /// KL(q ‖ p) in closed form where there is one, from the draws elsewhere: the lower variance.
    case analytic
    /// log q(z) − log p(z) averaged over the draws.
    case monteCarlo = "monte-carlo"
}

/// The negative evidence lower bound of each example, in its parts.
///
///     −ELBO(x) = distortion + Σ_i rate_i
///     distortion = −E_q[log p(x | z)],   rate_i = E KL(q(z_i | z_<i, x) ‖ p(z_i | z_<i))
///
/// Units: nats per example. Shapes: `[batch]` each.
public struct Bound: Sendable {
    /// What it costs to say x when z is known.
    public let distortion: Tensor
    /// What it costs to say z, one for each latent group.
    public let rates: [Tensor]

    /// A bound from its parts.
    public init(distortion: Tensor, rates: [Tensor]) {
        self.distortion = distortion
        self.rates = rates
    }

    /// Σ rate_i, `[batch]`; zeros without latents.
    public var rate: Tensor {
        guard let first = rates.first else { return Tensor(zerosLike: distortion) }
        return rates.dropFirst().reduce(first, +)
    }

    /// The lower bound of log p(x), `[batch]`.
    public var elbo: Tensor { -(distortion + rate) }
}

extension Terms {
    /// The bound, averaged over the draws of each example.
    ///
    /// What it costs to say the noise of dequantization is a part of the distortion: the sum bounds −E log P(x | z) of
    /// the levels.
    public func bound(rateEstimate: RateEstimate = .analytic) -> Bound {
        func rate(_ group: LatentGroup) -> Tensor {
            let closedForm = (group.posterior as? any HasClosedFormDivergence)?.klDivergence(to: group.prior)
            if rateEstimate == .analytic, let closedForm { return closedForm }
            return (group.logPosterior - group.logPrior).mean(along: 0)
        }
        return Bound(
            distortion: groups.filter(\.isNoise).map(rate).reduce(-logLikelihood.mean(along: 0), +),
            rates: latents.map(rate))
    }

    /// log 1/K Σ_k w_k over the K draws of each example, `[batch]`: between the ELBO and log p(x).
    ///
    /// Source: Burda, Grosse, Salakhutdinov 2016, eq. 8, arXiv:1509.00519.
    ///
    /// - Parameter rateWeight: As in `logWeights(rateWeight:)`.
    /// - Returns: Nats per example.
    public func importanceWeightedBound(rateWeight: Double = 1) -> Tensor {
        MultiSampleBound.importanceWeighted(logWeights(rateWeight: rateWeight))
    }
}
