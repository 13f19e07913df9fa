import Datasets
import Evaluation
import Tensors

/// Scores of single examples, with what they are measured from.
public struct ScoreOutcome {
    /// The scores, in the order of the data.
    public let scores: ExampleScores
    /// Why there is no likelihood regret, though it was asked for.
    public let obstacle: EvaluationError?
}

extension TrainedModel {
    /// Scores single examples: how likely they are, how strange.
    ///
    /// - Parameters:
    ///   - source: The examples.
    ///   - count: How many at most; all when absent.
    ///   - samples: Draws of z for each example in log p(x).
    ///   - refinement: How posteriors are refined for the likelihood regret; `nil` leaves it out.
    ///   - seed: Of all draws.
    ///   - progress: Told of the pass.
    /// - Returns: The scores.
    /// - Throws: Errors of the data.
    public func score(
        _ source: any DataSource, count: Int? = nil, samples: Int = 100, refinement: Refinement? = nil,
        seed: Int = 0, progress: @escaping ProgressHandler = { _ in }
    ) throws -> ScoreOutcome {
        let total = min(source.count, count ?? source.count)
        let passes = try SplitPasses(
            self, SubsetSource(source, at: Array(0..<total)), split: source.name, seed: seed,
            progress: progress)
        let (scores, obstacle) = try passes.scores(samples: samples, refinement: refinement)
        return ScoreOutcome(scores: scores, obstacle: obstacle)
    }

    /// E log p(x) over some training examples, chosen at random: what typicality is measured from.
    ///
    /// - Parameters:
    ///   - source: The training examples.
    ///   - count: How many of them.
    ///   - samples: Draws of z for each.
    ///   - seed: Chooses the examples, and of all draws.
    ///   - progress: Told of the pass.
    /// - Returns: Nats.
    /// - Throws: Errors of the data.
    public func typicalLogLikelihood(
        over source: any DataSource, count: Int = 1000, samples: Int = 100, seed: Int = 0,
        progress: @escaping ProgressHandler = { _ in }
    ) throws -> Double {
        var order = Generator(seed: UInt64(seed)).child(named: "reference")
        let places = Array((0..<source.count).shuffled(using: &order).prefix(count))
        let passes = try SplitPasses(
            self, SubsetSource(source, at: places), split: "training", seed: seed, progress: progress)
        return Estimate(of: try passes.scores(samples: samples, refinement: nil).scores.logLikelihoods).mean
    }
}
