import Probability
import Tensors

/// One level of a model's latent: what was drawn, from which posterior, and the prior given what came before.
public struct LatentGroup: Sendable {
    /// What to call the group in reports.
    public let name: String
    /// q(z_i | z_<i, x).
    public let posterior: any Reparameterized
    /// p(z_i | z_<i).
    public let prior: any Distribution
    /// z_i, `[samples, batch, ...]`, drawn from the posterior.
    public let draw: Draw
    /// Whether it is noise of dequantization, which no decoder reads and no report counts among the units.
    public let isNoise: Bool

    /// A level.
    public init(
        name: String, posterior: any Reparameterized, prior: any Distribution, draw: Draw,
        isNoise: Bool = false
    ) {
        self.name = name
        self.posterior = posterior
        self.prior = prior
        self.draw = draw
        self.isNoise = isNoise
    }

    /// log q(z_i | z_<i, x) at the draw, `[samples, batch]`.
    public var logPosterior: Tensor { draw.logProbability ?? posterior.logProbability(of: draw.value) }

    /// log p(z_i | z_<i) at the draw, `[samples, batch]`.
    public var logPrior: Tensor { prior.logProbability(of: draw.value) }

    /// How many numbers z_i has.
    public var unitCount: Int { draw.value.shape.dropFirst(2).reduce(1, *) }

    /// KL(q ‖ p) of each unit, `[batch, units]`, where posterior and prior have one in closed form.
    public var unitRates: Tensor? {
        (posterior as? any HasElementwiseDivergence)?.elementwiseKLDivergence(to: prior)
    }
}

extension [LatentGroup] {
    /// The groups that the decoder reads: all but noise.
    package var latents: [LatentGroup] { filter { !$0.isNoise } }
}

/// What a model says of a batch of examples: the latent groups in ancestral order, then p(x | z).
///
/// Everything that is measured, trained or coded is derived from these in one place.
public struct Terms: Sendable {
    /// The latent levels, in the order in which they are drawn.
    public let groups: [LatentGroup]
    /// p(x | z), with batch shape `[samples, batch]`.
    public let likelihood: any Distribution
    /// The examples, `[batch, ...]`, or with noise of their own in each draw `[samples, batch, ...]`.
    public let examples: Tensor
    /// log p(x | z) at each draw, `[samples, batch]`, in nats.
    public let logLikelihood: Tensor
    /// Of which draws these are the rest, each kept by its weight; `nil` where they are all.
    public let resampling: Resampling?

    /// The terms of a batch.
    public init(
        groups: [LatentGroup], likelihood: any Distribution, examples: Tensor, resampling: Resampling? = nil
    ) {
        self.resampling = resampling
        self.groups = groups
        self.likelihood = likelihood
        self.examples = examples
        logLikelihood = likelihood.logProbability(of: examples)
    }

    /// The groups that the decoder reads: all but noise.
    public var latents: [LatentGroup] { groups.latents }

    /// log w = log p(x | z) + Σ_i log p(z_i | z_<i) − log q(z_i | z_<i, x), `[samples, batch]`.
    ///
    /// E_q[w] = p(x), so the mean of log w over draws bounds log p(x) from below.
    ///
    /// - Parameter rateWeight: What log p(z) − log q(z | x) counts, but for noise; 1 but for a warm-up.
    /// - Returns: Nats, without the 1/K.
    public func logWeights(rateWeight: Double = 1) -> Tensor {
        logWeights(rateWeight: rateWeight) { $0.logPosterior }
    }

    /// The same with log q(z_i | z_<i, x) as `logPosterior` has it.
    func logWeights(rateWeight: Double, logPosterior: (LatentGroup) -> Tensor) -> Tensor {
        groups.reduce(logLikelihood) { sum, group in
            let ratio = group.logPrior - logPosterior(group)
            return sum + (rateWeight == 1 || group.isNoise ? ratio : ratio * rateWeight)
        }
    }
}
