import Bounds
import Datasets
import Foundation
import Probability
import Tensors

/// Measures a model batch by batch, in bounded memory.
public struct Evaluator {
    /// What to measure and how carefully.
    public struct Settings: Sendable {
        /// Draws of z for each example in the ELBO.
        public var boundSamples = 1
        /// Draws of z for each example in log p(x); 0 to leave it out.
        public var importanceSamples = 0

        /// The defaults.
        public init() {}

        /// The numbers of draws for which log p(x) is noted.
        fileprivate var curveSamples: [Int] {
            importanceSamples == 0 ? [] : likelihoodCurveSamples(upTo: importanceSamples)
        }
    }

    private let model: any LatentVariableModel
    private let settings: Settings
    private let noise: Generator
    private var distortions: [Double] = []
    /// The rates of each latent.
    private var rates: [(group: String, values: [Double])] = []
    private var totalRates: [Double] = []
    /// log p(x) of the examples, for each number of draws of the curve.
    private var logLikelihoods: [[Double]]
    private var units: UnitStatistics?

    /// An evaluator that has seen nothing yet.
    public init(_ model: any LatentVariableModel, settings: Settings, noise: Generator) {
        self.model = model
        self.settings = settings
        self.noise = noise
        logLikelihoods = settings.curveSamples.map { _ in [] }
    }

    /// Adds a batch of preprocessed examples.
    public mutating func add(_ batch: Batch) {
        withoutGradients {
            let trace = model.trace(
                of: batch, samples: settings.boundSamples, using: noise.child(named: "bound"))
            add(trace.bound)
            if let statistics = UnitStatistics(of: trace) { units = statistics.joined(with: units) }
            guard settings.importanceSamples > 0 else { return }
            let curve = importanceWeightedCurve(
                model, batch, samples: settings.curveSamples, using: noise.child(named: "likelihood"))
            for place in logLikelihoods.indices { logLikelihoods[place] += curve[.at(place)].array() }
        }
    }

    private mutating func add(_ bound: Bound) {
        distortions += bound.distortion.array(of: Double.self)
        totalRates += bound.rate.array(of: Double.self)
        if rates.isEmpty { rates = bound.rates.map { ($0.group, []) } }
        for (place, part) in bound.rates.enumerated() {
            rates[place].values += part.rate.array(of: Double.self)
        }
    }

    /// The result over all batches added.
    ///
    /// - Parameters:
    ///   - split: What the examples are, for the record.
    ///   - kind: Whether the numbers bound a likelihood.
    ///   - discreteDimensions: The values in an example when they are discrete, for bits per dimension.
    /// - Returns: Means over examples with standard errors.
    /// - Precondition: At least one example was added.
    public func result(split: String, kind: BoundKind, discreteDimensions: Int?) -> Evaluation {
        precondition(!distortions.isEmpty, "no example was evaluated")
        let elbo = Estimate(of: zip(distortions, totalRates).map { -($0 + $1) })
        let curve = LikelihoodPoint.curve(samples: settings.curveSamples, values: logLikelihoods)
        let logLikelihood = curve.last?.logLikelihood
        let best = logLikelihood ?? elbo
        return Evaluation(
            split: split, examples: distortions.count, kind: kind, boundSamples: settings.boundSamples,
            elbo: elbo, distortion: Estimate(of: distortions), rate: Estimate(of: totalRates),
            rates: rates.map { GroupEstimate($0.group, Estimate(of: $0.values)) },
            unitRates: units?.meanRates ?? [], unitVariances: units?.variances ?? [],
            importanceSamples: settings.importanceSamples,
            logLikelihood: logLikelihood, likelihoodCurve: curve,
            bitsPerDimension: kind == .loss
                ? nil : discreteDimensions.map { -best.mean / Double($0) / log(2) })
    }
}
