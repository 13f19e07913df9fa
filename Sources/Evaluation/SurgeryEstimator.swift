import Bounds
import Datasets
import Foundation
import Probability
import Tensors

/// Cuts the ELBO of a split into its parts.
///
/// Examples are added batch by batch; of each its posterior is kept and a few draws, whose densities under the posteriors
/// of all batches are then summed block by block, so that no more than a block of the n × n densities is in memory.
public struct SurgeryEstimator {
    private let model: any LatentVariableModel
    private let samples: Int
    private let noise: Generator
    private var blocks: [Block] = []
    private var obstacle: EvaluationError?

    /// What is kept of a batch; densities are `[samples, batch]`, in float64.
    private struct Block {
        let logLikelihood: Tensor
        let logPrior: Tensor
        let logPosterior: Tensor
        /// KL(q(z | x) ‖ p(z)) in closed form, `[batch]`.
        let rate: Tensor?
        /// The only latent, where there is one to compare across examples.
        let site: Site?

        var size: Int { logPrior.size(along: 1) }
    }

    /// An estimator that has seen nothing yet.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - samples: Draws of z for each example.
    ///   - noise: Draws them.
    public init(_ model: any LatentVariableModel, samples: Int = 1, noise: Generator) {
        self.model = model
        self.samples = samples
        self.noise = noise
    }

    /// Adds a batch of preprocessed examples.
    ///
    /// All batches but the last should be of one size, which is that of the minibatches reported.
    ///
    /// - Throws: `EvaluationError.noLatent`.
    public mutating func add(_ batch: Batch) throws(EvaluationError) {
        let trace = withoutGradients { model.trace(of: batch, samples: samples, using: noise) }
        let latents = trace.latents
        guard !latents.isEmpty else { throw .noLatent }
        let site = comparableSite(of: trace)
        withoutGradients {
            func sum(_ density: (Site) -> Tensor) -> Tensor {
                latents.dropFirst().reduce(density(latents[0])) { $0 + density($1) }
                    .converted(to: .float64)
            }
            blocks.append(
                Block(
                    logLikelihood: trace.logLikelihoodWithNoise.converted(to: .float64),
                    logPrior: sum(\.logPrior), logPosterior: sum(\.logPosterior),
                    rate: site.flatMap(Self.rate)?.converted(to: .float64), site: site))
        }
    }

    /// KL(q(z | x) ‖ p(z)) in closed form, `[batch]`, where there is one.
    private static func rate(of site: Site) -> Tensor? {
        guard let prior = site.prior else { return nil }
        return (site.posterior as? any HasClosedFormDivergence)?.klDivergence(to: prior)
    }

    /// The latent whose posteriors can be asked about one another's draws; notes what stands in the way.
    private mutating func comparableSite(of trace: Trace) -> Site? {
        do {
            let site = try trace.single()
            guard site.posterior?.isKnownEverywhere == true else {
                throw EvaluationError.posteriorUnknownElsewhere
            }
            guard site.hasCommonPrior else { throw EvaluationError.conditionalPrior }
            return site
        } catch {
            obstacle = error as? EvaluationError
            return nil
        }
    }

    /// The parts over all batches added.
    ///
    /// - Parameters:
    ///   - split: What the examples are, for the record.
    ///   - didCompare: Told how many examples' draws have been compared with all posteriors.
    /// - Returns: Means over examples with standard errors, which count examples as independent.
    /// - Precondition: At least one example was added.
    public func result(split: String, didCompare: (Int) -> Void = { _ in }) -> Surgery {
        precondition(!blocks.isEmpty, "no example was added")
        func estimate(_ values: (Block) -> Tensor) -> Estimate {
            Estimate(of: blocks.flatMap { values($0).mean(along: 0).array(of: Double.self) })
        }
        return Surgery(
            split: split, examples: blocks.map(\.size).reduce(0, +), samples: samples,
            reconstruction: estimate(\.logLikelihood), priorCrossEntropy: estimate { -$0.logPrior },
            encoderEntropy: estimate { -$0.logPosterior },
            aggregate: obstacle == nil ? withoutGradients { aggregate(didCompare) } : nil, obstacle: obstacle)
    }

    private func aggregate(_ didCompare: (Int) -> Void) -> Surgery.Aggregate {
        // Groups of 1, 10, 100, … blocks are minibatches; one group of all blocks is the whole.
        let widths = Array(sequence(first: 1) { $0 * 10 }.prefix { $0 < blocks.count })
        var information: [Double] = []
        var divergence: [Double] = []
        var residual: [Double] = []
        var minibatches = widths.map { _ in (information: [Double](), bias: [Double]()) }
        for place in blocks.indices {
            let block = blocks[place]
            let (whole, parts) = logAggregates(ofDrawsIn: place, widths: widths)
            let own = (block.logPosterior - whole).mean(along: 0)
            let gap = (whole - block.logPrior).mean(along: 0)
            information += own.array(of: Double.self)
            divergence += gap.array(of: Double.self)
            if let rate = block.rate { residual += (own + gap - rate).array(of: Double.self) }
            for (level, part) in parts.enumerated() {
                guard let part else { continue }
                let estimate = (block.logPosterior - part).mean(along: 0)
                minibatches[level].information += estimate.array(of: Double.self)
                minibatches[level].bias += (estimate - own).array(of: Double.self)
            }
            didCompare(block.size)
        }
        return Surgery.Aggregate(
            mutualInformation: Estimate(of: information), priorDivergence: Estimate(of: divergence),
            residual: residual.count == information.count ? Estimate(of: residual) : nil,
            minibatches: zip(widths, minibatches).filter { !$1.bias.isEmpty }.map { width, found in
                Surgery.Minibatches(
                    size: width * blocks[0].size, mutualInformation: Estimate(of: found.information),
                    bias: Estimate(of: found.bias))
            })
    }

    /// log q(z) of a block's draws, `[samples, batch]`, with q(z) the mixture of all posteriors.
    ///
    /// - Parameters:
    ///   - place: Of the block.
    ///   - widths: How many blocks make a minibatch.
    /// - Returns: The density under all posteriors, and under those of the block's minibatch for each width; `nil` where
    ///   that is not full.
    private func logAggregates(ofDrawsIn place: Int, widths: [Int]) -> (whole: Tensor, parts: [Tensor?]) {
        var whole = LogMixture()
        var parts = widths.map { _ in LogMixture() }
        let z = blocks[place].site!.value
        for (other, block) in blocks.enumerated() {
            let mixture = Mixture(
                logits: .zeros([block.size], dtype: block.site!.posterior!.dtype),
                components: block.site!.posterior!)
            let density = mixture.logProbability(of: z).converted(to: .float64)
            whole.add(density, count: block.size)
            for (level, width) in widths.enumerated() where other / width == place / width {
                parts[level].add(density, count: block.size)
            }
        }
        let full = zip(widths, parts).map { $1.count == $0 * blocks[0].size ? $1.logProbability : nil }
        return (whole.logProbability, full)
    }
}

/// A mixture of equal weights that grows.
private struct LogMixture {
    private(set) var count = 0
    private var logSum: Tensor?

    /// Adds components whose mixture has the given log density.
    mutating func add(_ logProbability: Tensor, count added: Int) {
        let sum = logProbability + log(Double(added))
        logSum = logSum.map { $0.logAddingExponential(sum) } ?? sum
        count += added
    }

    /// log 1/count Σ q.
    var logProbability: Tensor { logSum! - log(Double(count)) }
}
