import Bounds
import Datasets
import Tensors

/// log p(x) by annealed importance sampling, in nats per example.
public struct AnnealedLikelihood: Codable, Sendable, Equatable {
    /// Which part of the data.
    public var split: String
    /// How many examples.
    public var examples: Int
    /// Densities that chains were led through.
    public var steps: Int
    /// Chains for each example.
    public var chains: Int
    /// log p(x), from below.
    public var logLikelihood: Estimate
    /// The share of moves that were accepted.
    public var acceptance: Double
    /// How many chains of equal weight would say as much, (Σ w)² / Σ w², on average: near 1, a chain or two decide.
    public var effectiveChains: Double
}

/// Anneals the examples of a split, batch by batch.
public struct AnnealedEstimator {
    private let model: any LatentVariableModel
    private let sampling: AnnealedImportanceSampling
    private let noise: Generator
    /// log p(x) of each example added.
    public private(set) var logLikelihoods: [Double] = []
    private var acceptances: [Double] = []
    private var effectiveChains: [Double] = []

    /// An estimator that has seen nothing yet.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - sampling: How chains are led.
    ///   - noise: Draws them.
    public init(
        _ model: any LatentVariableModel, _ sampling: AnnealedImportanceSampling, noise: Generator
    ) {
        self.model = model
        self.sampling = sampling
        self.noise = noise
    }

    /// Adds a batch of preprocessed examples.
    ///
    /// - Throws: `EvaluationError` when the model has not one latent.
    public mutating func add(_ batch: Batch) throws(EvaluationError) {
        for range in batch.parts(drawing: sampling.chains) {
            let joint = try LatentJoint(model, batch[range])
            withoutGradients {
                let found = sampling.run(joint, using: noise)
                var sums = WeightSums(notingAt: [sampling.chains])
                sums.add(found.logWeights)
                logLikelihoods += sums.logOfMean.array(of: Double.self)
                acceptances += found.acceptance.array(of: Double.self)
                let effective =
                    found.logWeights.logSumExp(along: 0) * 2 - (found.logWeights * 2).logSumExp(along: 0)
                effectiveChains += effective.exp().array(of: Double.self)
            }
        }
    }

    /// The result over all batches added.
    ///
    /// - Precondition: At least one example was added.
    public func result(split: String) -> AnnealedLikelihood {
        let count = Double(logLikelihoods.count)
        return AnnealedLikelihood(
            split: split, examples: logLikelihoods.count, steps: sampling.steps, chains: sampling.chains,
            logLikelihood: Estimate(of: logLikelihoods), acceptance: acceptances.reduce(0, +) / count,
            effectiveChains: effectiveChains.reduce(0, +) / count)
    }
}
