import Bounds
import Datasets
import Layers
import Probability
import Tensors

/// Measures how biased and how noisy estimators of a bound's gradient are.
///
/// Source: Rainforth et al. 2018, "Tighter variational bounds are not necessarily better", section 3, arXiv:1802.04537,
/// with one signal-to-noise ratio of all weights together.
public struct GradientMeasurement: Sendable {
    /// Which bound.
    public var bound = GradientReport.BoundName.iwae
    /// k, draws of z for each example in an estimate.
    public var samples = 8
    /// Estimates of each kind.
    public var repeats = 200
    /// Reparameterised estimates that the others are held against.
    public var referenceRepeats = 2000

    /// The defaults.
    public init() {}

    /// The estimators that differ from one another, for latents such as these.
    ///
    /// - Parameter traits: Of the model's latents.
    /// - Returns: Those that the latents allow, and what the others ask for.
    public func estimators(
        for traits: Set<LatentTrait>
    ) -> (suitable: [GradientEstimator], missing: [LatentTrait]) {
        var all: [GradientEstimator] = [.reparameterized, .stickingTheLanding]
        // Without weights of draws it is sticking the landing.
        if bound == .iwae, samples > 1 { all.append(.doublyReparameterized) }
        let baselines = Baseline.allCases.filter { $0 != .leaveOneOut || samples > 1 }
        all += baselines.map { .scoreFunction($0) }
        let missing = all.reduce(into: Set()) { $0.formUnion($1.needs.subtracting(traits)) }
        return (
            all.filter { $0.needs.isSubset(of: traits) }, LatentTrait.allCases.filter(missing.contains)
        )
    }

    /// How many gradients are found for so many estimators, for a progress bar.
    public func drawCount(for estimators: Int) -> Int {
        // Besides them decoder and prior, and of the ELBO the rate in closed form.
        referenceRepeats + repeats * (estimators + (bound == .elbo ? 2 : 1))
    }

    /// Compares estimators on one batch.
    ///
    /// - Parameters:
    ///   - model: The model, out of training.
    ///   - batch: The examples, preprocessed.
    ///   - split: What the examples are, for the record.
    ///   - estimators: Which suit the model; of the ELBO, its reparameterised gradient with the rate in closed form is
    ///     compared as well, where there is one.
    ///   - noise: Draws z.
    ///   - didDraw: Told of each gradient.
    /// - Returns: What was found.
    /// - Throws: `EvaluationError` when the model has no latent, or no encoder of its own.
    public func report(
        of model: any LatentVariableModel, on batch: Batch, split: String, estimators: [GradientEstimator],
        noise: Generator, didDraw: @escaping () -> Void = {}
    ) throws(EvaluationError) -> GradientReport {
        let state = ModuleState(model)
        let encoder = state.keeping([ModelPart.encoder])
        let others = state.excluding([ModelPart.encoder])
        let sources = GradientSources(model: model, batch: batch, samples: samples)
        let hasClosedForm = try sources.hasClosedFormRate()
        guard !encoder.parameters.isEmpty else { throw .noEncoder }

        let reparameterized = sources.source(of: encoder, objective(.reparameterized))
        var comparison = GradientComparison(
            reference: reparameterized, draws: referenceRepeats, noise: noise, didDraw: didDraw)
        // Where the running mean of the losses comes to rest.
        let moment = Moment(averageLoss: comparison.meanLoss)
        var names = estimators.map(\.name)
        var compared = estimators.map { sources.source(of: encoder, objective($0), at: moment) }
        if bound == .elbo, hasClosedForm {
            names.append(("analytic-rate", nil))
            compared.append(sources.source(of: encoder, NegativeELBO()))
        }
        let result = comparison.compare(compared, repeats: repeats)
        let rows = zip(names, result.findings).map { name, found in
            GradientReport.Row(
                estimator: name.estimator, baseline: name.baseline, variance: found.variance,
                signalToNoise: result.norm.map { $0 / found.variance.mean.squareRoot() }, bias: found.bias)
        }
        return GradientReport(
            split: split, examples: batch.count, samples: samples, bound: bound, repeats: repeats,
            referenceRepeats: referenceRepeats, norm: result.norm, rows: rows,
            others: others.parameters.isEmpty
                ? nil
                : GradientComparison.spread(
                    of: sources.source(of: others, objective(.reparameterized)), repeats: repeats,
                    noise: noise.child(UInt64.max), didDraw: didDraw))
    }

    private func objective(_ estimator: GradientEstimator) -> NegativeMultiSampleBound {
        NegativeMultiSampleBound(bound == .elbo ? .elbo : .importanceWeighted, estimator: estimator)
    }
}

/// The examples that gradients are found on.
private struct GradientSources {
    let model: any LatentVariableModel
    let batch: Batch
    let samples: Int

    /// Estimates of the gradient of an objective's loss by some weights.
    func source(
        of weights: ModuleState, _ objective: any Objective, at moment: Moment = Moment()
    ) -> GradientComparison.Source {
        { noise in
            let (loss, gradients) = weights.valueWithGradients {
                objective.loss(of: model.trace(of: batch, samples: samples, using: noise), at: moment)
            }
            return GradientDraw(loss: loss, gradients: gradients)
        }
    }

    /// Whether the rate of every latent has a closed form.
    func hasClosedFormRate() throws(EvaluationError) -> Bool {
        let trace = withoutGradients { model.trace(of: batch, using: Generator(seed: 0)) }
        guard !trace.latents.isEmpty else { throw .noLatent }
        return withoutGradients {
            trace.latents.allSatisfy { site in
                (site.posterior as? any HasClosedFormDivergence)?.klDivergence(to: site.prior!) != nil
            }
        }
    }
}

extension GradientEstimator {
    /// What reports call it.
    fileprivate var name: (estimator: String, baseline: String?) {
        switch self {
        case .reparameterized: ("reparameterized", nil)
        case .stickingTheLanding: ("stl", nil)
        case .doublyReparameterized: ("dreg", nil)
        case .scoreFunction(.none): ("score", nil)
        case .scoreFunction(let baseline): ("score", baseline.rawValue)
        }
    }
}
