import Bounds
import Datasets
import Probability
import Tensors

/// What a model makes of single examples, for ranking them and for spotting what does not belong.
public struct ExampleScores: Sendable, Equatable {
    /// log p(x), the importance-weighted bound, in nats.
    public var logLikelihoods: [Double] = []
    /// ELBO(q*) − ELBO(q), what an example gains when its own posterior is refined, in nats; empty where that cannot be.
    ///
    /// It is large where the encoder fits the example poorly. Unlike a likelihood it is not high for every simple image.
    ///
    /// Source: Xiao, Yan, Amit 2020, "Likelihood regret", eq. 6, arXiv:2003.02977, with the posterior's own
    /// parameters refined in place of the encoder's weights.
    public var regrets: [Double] = []
    /// |x − x̂|², with x̂ the center of p(x | z) at the example's code; empty where p(x | z) has none.
    public var reconstructionErrors: [Double] = []

    /// |−log p(x) + E log p(x')|, how far the surprise at an example is from the mean surprise at training examples x'.
    ///
    /// Source: Nalisnick, Matsukawa, Teh, Lakshminarayanan 2019, section 3.2, arXiv:1906.02994, for one example.
    ///
    /// - Parameter mean: E log p(x') over training examples, in nats.
    /// - Returns: Nats, one for each example.
    public func typicality(trainingMean mean: Double) -> [Double] { logLikelihoods.map { abs($0 - mean) } }
}

/// Scores examples batch by batch.
public struct ExampleScorer {
    private let model: any LatentVariableModel
    private let samples: Int
    private let refinement: Refinement?
    private let noise: Generator
    private var bounds = RefinedBounds()
    private var found = ExampleScores()
    /// Why there is no likelihood regret, though it was asked for.
    public private(set) var obstacle: EvaluationError?

    /// A scorer that has seen nothing yet.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - samples: Draws of z for each bound.
    ///   - refinement: How posteriors are refined for the regret; `nil` to leave it out.
    ///   - noise: Draws z.
    public init(
        _ model: any LatentVariableModel, samples: Int, refinement: Refinement?, noise: Generator
    ) {
        self.model = model
        self.samples = samples
        self.refinement = refinement
        self.noise = noise
    }

    /// The scores of all examples added.
    public var scores: ExampleScores {
        var scores = found
        scores.regrets = zip(bounds.refinedELBOs, bounds.elbos).map { $0 - $1 }
        return scores
    }

    /// Adds a batch of preprocessed examples.
    public mutating func add(_ batch: Batch) {
        withoutGradients {
            found.logLikelihoods += importanceWeightedLogLikelihood(
                model, batch, samples: samples, using: noise.child(named: "likelihood")
            ).array(of: Double.self)
            found.reconstructionErrors += reconstructionErrors(of: batch)
        }
        guard let refinement, obstacle == nil else { return }
        do {
            try bounds.add(
                model, batch, refinement: refinement, samples: samples,
                using: noise.child(named: "refinement"))
        } catch {
            obstacle = error
        }
    }

    private func reconstructionErrors(of batch: Batch) -> [Double] {
        let trace = model.trace(
            .reconstruction(of: Observation(batch), using: noise.child(named: "reconstruction")))
        guard let likelihood = trace.likelihood as? any Likelihood else { return [] }
        let picture = likelihood.centre.reshaped(batch.examples.shape)
        return (batch.examples - picture).squared().flattened(from: 1).sum(along: 1).array()
    }
}

/// The area under the ROC curve: how likely a score is higher for a member of one set than for one of another.
///
/// 1 where the score parts the sets, ½ where it knows nothing; ties count half. It is the rank sum of Mann and Whitney.
///
/// Source: Hanley, McNeil 1982, "The meaning and use of the area under a receiver operating characteristic curve".
///
/// - Parameters:
///   - high: Scores of those that should be high.
///   - low: Scores of the others.
/// - Returns: From 0 to 1; NaN where a set is empty, or a score no number.
public func areaUnderROC(high: [Double], low: [Double]) -> Double {
    guard !(high + low).contains(where: \.isNaN) else { return .nan }
    let all = (high.map { ($0, true) } + low.map { ($0, false) }).sorted { $0.0 < $1.0 }
    var lowBelow = 0
    var wins = 0.0
    var start = 0
    while start < all.count {
        let end = all[start...].firstIndex { $0.0 > all[start].0 } ?? all.count
        let highs = all[start..<end].count { $0.1 }
        let lows = end - start - highs
        wins += Double(highs) * (Double(lowBelow) + Double(lows) / 2)
        lowBelow += lows
        start = end
    }
    return wins / (Double(high.count) * Double(low.count))
}
