import Bounds

/// What a model is worth on a split, in nats per example.
public struct Evaluation: Codable, Sendable, Equatable {
    /// Which part of the data.
    public var split: String
    /// How many examples.
    public var examples: Int
    /// Whether −ELBO bounds a likelihood or is a mere loss.
    public var kind: BoundKind
    /// Draws of z for each example in the ELBO.
    public var boundSamples: Int
    /// The evidence lower bound.
    public var elbo: Estimate
    /// −E log p(x | z).
    public var distortion: Estimate
    /// KL(q ‖ p), of all latents together.
    public var rate: Estimate
    /// The rate of each latent, in ancestral order.
    public var rates: [GroupEstimate]
    /// The rate of each latent unit, averaged over examples; empty where no closed form is known.
    public var unitRates: [Double]
    /// Var_x(E_q[u]) of each unit; of the posterior's centre where its mean has no closed form.
    public var unitVariances: [Double]
    /// Draws of z for each example in the likelihood; 0 when it was not asked for.
    public var importanceSamples: Int
    /// log p(x) by importance sampling.
    public var logLikelihood: Estimate?
    /// The same with 1, 10, 100, … draws, up to that number; empty when it was not asked for.
    public var likelihoodCurve: [LikelihoodPoint]
    /// −log₂ p(x) for each dimension, from the best bound above, where the data are discrete.
    public var bitsPerDimension: Double?

    /// Units whose posterior mean varies over the data by more than 0.01.
    ///
    /// Source: Burda, Grosse, Salakhutdinov 2016, section 5.2, arXiv:1509.00519.
    public var activeUnits: Int { unitVariances.count(where: Self.isActive) }

    /// The least rate of a unit that carries information, nats.
    public static let informativeRate = UnitStatistics.informativeRate

    /// How many of the active units have at least `informativeRate`, where rates of units are known.
    public var informativeUnits: Int {
        UnitStatistics.informativeCount(variances: unitVariances, rates: unitRates)
    }

    /// Whether a unit is active, by the variance of its posterior mean.
    public static func isActive(variance: Double) -> Bool { UnitStatistics.isActive(variance: variance) }

    /// The latent units, the one that says most about x first: by rate, where that is known, else by the variance of
    /// its posterior mean.
    public var unitsByUse: [Int] {
        let uses = unitRates.isEmpty ? unitVariances : unitRates
        return uses.indices.sorted { uses[$0] > uses[$1] }
    }
}

/// The rate of a latent, a mean over examples.
public struct GroupEstimate: Codable, Sendable, Equatable {
    /// The latent's name.
    public var group: String
    /// E KL(q(z_i | z_<i, x) ‖ p(z_i | z_<i)), in nats per example.
    public var rate: Estimate

    /// A rate.
    public init(_ group: String, _ rate: Estimate) {
        self.group = group
        self.rate = rate
    }
}
