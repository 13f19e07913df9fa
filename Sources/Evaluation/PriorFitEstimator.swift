import Bounds
import Classical
import Datasets
import Probability
import Tensors

/// Fits mixtures to the codes of training examples, and asks what the best of them would gain elsewhere.
///
/// The number of components is chosen by a fifth of the training codes, set aside from the fits that compete; the one
/// that is measured is then fitted to all of them.
public struct PriorFitEstimator {
    /// The numbers of components that compete, as far as there are codes enough for them.
    private static let candidates = [1, 2, 5, 10, 20, 50, 100]
    /// Codes that a component must have at least.
    private static let codesForComponent = 20

    private let model: any LatentVariableModel
    private let samples: Int
    private let noise: Generator
    /// One draw of z for each training example, `[batch, units]`, float64.
    private var trainingCodes: [Tensor] = []
    /// Draws `[samples, batch, units]` for examples to measure by, with log p(z), `[samples, batch]`.
    private var measured: [(codes: Tensor, logPrior: Tensor)] = []

    /// An estimator that has seen nothing yet.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - samples: Draws of z for each example that is measured.
    ///   - noise: Draws all noise.
    public init(_ model: any LatentVariableModel, samples: Int = 1, noise: Generator) {
        self.model = model
        self.samples = samples
        self.noise = noise
    }

    /// Adds a batch of training examples, preprocessed, in an order that tells nothing of them.
    ///
    /// - Throws: `EvaluationError` when the model has not one latent with one prior.
    public mutating func addTraining(_ batch: Batch) throws(EvaluationError) {
        let found = try draws(for: batch, samples: 1, using: noise.child(named: "training"))
        trainingCodes.append(found.codes.selected(0, along: 0))
    }

    /// Adds a batch of examples to measure by, preprocessed.
    ///
    /// - Throws: As `addTraining`.
    public mutating func add(_ batch: Batch) throws(EvaluationError) {
        measured.append(try draws(for: batch, samples: samples, using: noise.child(named: "measured")))
    }

    /// Draws of z and log p(z) at them.
    private func draws(
        for batch: Batch, samples: Int, using noise: Generator
    ) throws(EvaluationError) -> (codes: Tensor, logPrior: Tensor) {
        let trace = withoutGradients { model.trace(of: batch, samples: samples, using: noise) }
        let site = try trace.single()
        guard site.hasCommonPrior else { throw .conditionalPrior }
        return withoutGradients {
            (site.value.flattened(from: 2).converted(to: .float64), site.logPrior.converted(to: .float64))
        }
    }

    /// The best mixture's gain over all examples added.
    ///
    /// - Parameters:
    ///   - split: What the examples are, for the record.
    ///   - didFit: Told of each fit; there are `fitCount`.
    /// - Returns: The gain, with its standard error over examples.
    /// - Throws: `FitError` where the codes of a unit do not vary.
    /// - Precondition: There are training examples, at least two, and examples to measure by.
    public func result(split: String, didFit: () -> Void = {}) throws -> PriorFit {
        try withoutGradients {
            let codes = Tensor.concatenated(trainingCodes, along: 0)
            let count = codes.size(along: 0)
            let kept = count - max(1, count / 5)
            var noise = noise.child(named: "mixtures")
            let candidates: [PriorFit.Candidate] = try tried(of: count).compactMap { components in
                defer { didFit() }
                do {
                    let mixture = try Self.mixture(components, of: codes[.upTo(kept)], using: &noise)
                    return PriorFit.Candidate(
                        components: components,
                        logDensity: mixture.logProbability(of: codes[.from(kept)]).mean().scalar())
                } catch is FitError where components > 1 {
                    // Codes of too few places for so many; fewer components have been tried.
                    return nil
                }
            }
            let best = candidates.max { $0.logDensity < $1.logDensity }!
            let mixture = try Self.mixture(best.components, of: codes, using: &noise)
            didFit()
            let gains = measured.flatMap { part in
                let rows = part.codes.reshaped([-1, part.codes.size(along: -1)])
                let logDensity = mixture.logProbability(of: rows).reshaped(part.logPrior.shape)
                return (logDensity - part.logPrior).mean(along: 0).array(of: Double.self)
            }
            return PriorFit(
                split: split, examples: gains.count, samples: samples, trainingExamples: count,
                components: best.components, candidates: candidates, gain: Estimate(of: gains))
        }
    }

    private static func mixture(
        _ components: Int, of codes: Tensor, using noise: inout Generator
    ) throws -> GaussianMixture {
        var settings = MixtureFit.Settings(components: components)
        settings.covariance = .diagonal
        settings.iterations = 200
        settings.tolerance = 1e-4
        settings.floor = 1e-4
        settings.sharesUnit = true
        return try MixtureFit(codes, settings, using: &noise).model
    }

    /// How many mixtures are fitted to the training codes added.
    public var fitCount: Int {
        tried(of: trainingCodes.reduce(0) { $0 + $1.size(along: 0) }).count + 1
    }

    private func tried(of count: Int) -> [Int] {
        Self.candidates.filter { $0 == 1 || $0 * Self.codesForComponent <= count }
    }
}
