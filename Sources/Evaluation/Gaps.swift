import Bounds
import Datasets
import Probability
import Tensors

/// Where the ELBO loses log p(x): the family of q or the encoder, in nats per example.
///
///     log p(x) − ELBO = [log p(x) − ELBO(q*)] + [ELBO(q*) − ELBO(q)]
///
/// q is the encoder's posterior, q* the best one of its family for each example by itself; for an isotropic Gaussian the
/// best with independent units. The first gap is what the family cannot say, the second what the encoder does not find.
///
/// log p(x) is the importance-weighted bound with q* as proposal, from the draws that give ELBO(q*), so that the first
/// gap is never negative; it is too small by what that bound leaves.
///
/// Source: Cremer, Li, Duvenaud 2018, eq. 8, arXiv:1801.03558.
public struct Gaps: Codable, Sendable, Equatable {
    /// Which part of the data.
    public var split: String
    /// How many examples.
    public var examples: Int
    /// Steps of refinement.
    public var steps: Int
    /// Draws of z for each example in the bounds.
    public var samples: Int
    /// With the encoder's posterior.
    public var elbo: Estimate
    /// With the refined one.
    public var refinedELBO: Estimate
    /// log p(x).
    public var logLikelihood: Estimate
    /// log p(x) − ELBO(q*).
    public var approximationGap: Estimate
    /// ELBO(q*) − ELBO(q).
    public var amortizationGap: Estimate

    /// The gaps of examples.
    public init(split: String, steps: Int, samples: Int, of bounds: RefinedBounds) {
        self.split = split
        self.steps = steps
        self.samples = samples
        examples = bounds.elbos.count
        elbo = Estimate(of: bounds.elbos)
        refinedELBO = Estimate(of: bounds.refinedELBOs)
        logLikelihood = Estimate(of: bounds.logLikelihoods)
        approximationGap = Estimate(of: zip(bounds.logLikelihoods, bounds.refinedELBOs).map { $0 - $1 })
        amortizationGap = Estimate(of: zip(bounds.refinedELBOs, bounds.elbos).map { $0 - $1 })
    }
}

/// Bounds of log p(x) of some examples before and after refinement, in nats, one for each example.
public struct RefinedBounds: Sendable {
    /// With the encoder's posterior.
    public private(set) var elbos: [Double] = []
    /// With the refined one.
    public private(set) var refinedELBOs: [Double] = []
    /// By importance sampling from the refined one.
    public private(set) var logLikelihoods: [Double] = []

    /// Bounds of no examples yet.
    public init() {}

    /// Adds a batch of examples.
    ///
    /// Both ELBOs are found from the same noise, so that little of it is left in their difference.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - batch: The examples, preprocessed.
    ///   - refinement: How posteriors are improved.
    ///   - samples: Draws of z for each bound.
    ///   - noise: Draws all noise.
    /// - Throws: `EvaluationError` when the posterior cannot be replaced.
    public mutating func add(
        _ model: any LatentVariableModel, _ batch: Batch, refinement: Refinement, samples: Int,
        using noise: Generator
    ) throws(EvaluationError) {
        for range in batch.parts(drawing: refinement.samples) {
            let joint = try LatentJoint(model, batch[range])
            let start = try joint.refinablePosterior()
            let refined = refinement.refined(start, for: joint, using: noise.child(named: "steps"))
            withoutGradients {
                let noise = noise.child(named: "bounds")
                let own = joint.weights(of: start, samples: samples, using: noise)
                let found = joint.weights(of: refined, samples: samples, using: noise)
                elbos += own.meanOfLogs.array(of: Double.self)
                refinedELBOs += found.meanOfLogs.array(of: Double.self)
                logLikelihoods += found.logOfMean.array(of: Double.self)
            }
        }
    }
}
