import Probability
import Tensors

/// What a reported number is.
public enum BoundKind: String, Sendable, Codable {
    /// log p(x) itself.
    case exact
    /// A lower bound of log p(x).
    case bound
    /// A lower bound of a log density of 8-bit levels, taken for real numbers without dequantization: of no probability,
    /// as a density grows without limit where it narrows down on the levels.
    case density
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

/// The rate of a latent for each example.
public struct GroupRate: Sendable {
    /// The latent's name.
    public let group: String
    /// KL(q(z_i | z_<i, x) ‖ p(z_i | z_<i)), `[batch]`, in nats.
    public let rate: Tensor

    /// A rate.
    public init(_ group: String, _ rate: Tensor) {
        self.group = group
        self.rate = rate
    }
}

/// The negative evidence lower bound of each example, in its parts.
///
///     −ELBO(x) = distortion + Σ_i rate_i
///     distortion = −E_q[log p(x | z)],   rate_i = E KL(q(z_i | z_<i, x) ‖ p(z_i | z_<i))
///
/// Units: nats per example. Shapes: `[batch]` each.
public struct Bound: Sendable {
    /// The cost of x when z is known.
    public let distortion: Tensor
    /// The cost of z, one for each latent.
    public let rates: [GroupRate]

    /// A bound from its parts.
    public init(distortion: Tensor, rates: [GroupRate]) {
        self.distortion = distortion
        self.rates = rates
    }

    /// Σ rate_i, `[batch]`; zeros without latents.
    public var rate: Tensor {
        guard let first = rates.first else { return Tensor(zerosLike: distortion) }
        return rates.dropFirst().reduce(first.rate) { $0 + $1.rate }
    }

    /// The lower bound of log p(x), `[batch]`.
    public var elbo: Tensor { -(distortion + rate) }
}

extension Trace {
    /// The bound, averaged over the draws of each example.
    ///
    /// The rate of noise of dequantization is a part of the distortion, so that the sum bounds −E log P(x | z) of the
    /// levels; so is that of a flow's z, whose distortion alone is infinite.
    public func bound(rateEstimate: RateEstimate) -> Bound {
        func rate(_ site: Site) -> Tensor {
            if rateEstimate == .analytic, let closedForm = site.closedFormRate { return closedForm }
            return -site.logRatio(\.logPosterior)!.mean(along: 0)
        }
        return Bound(
            distortion: sites.filter { $0.role != .latent }.map(rate).reduce(
                -logLikelihood.mean(along: 0), +),
            rates: latents.map { GroupRate($0.name, rate($0)) })
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
