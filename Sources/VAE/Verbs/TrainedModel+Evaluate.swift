import Datasets
import Evaluation
import Reports
import Tensors

/// What `evaluate` is to measure, and how carefully.
public struct EvaluationRequest: Sendable {
    /// Draws of z for each example in the ELBO.
    public var boundSamples = 1
    /// Draws of z for each example in log p(x); 0 leaves it out, `nil` takes 100 where there is a bound to tighten.
    public var importanceSamples: Int?
    /// How many examples at most; all when absent.
    public var count: Int?
    /// Whether to cut the ELBO into parts.
    public var surgery = false
    /// How posteriors are refined to find what the ELBO loses; `nil` leaves it out.
    public var gaps: Refinement?
    /// How chains are led for log p(x) without the encoder; `nil` leaves it out.
    public var annealing: AnnealedImportanceSampling?
    /// Whether to fit mixtures to the codes of training examples.
    public var priorFit = false
    /// Whether to ask which unit stands for which factor.
    public var disentanglement = false
    /// Whether to compare samples with data.
    public var realism = false
    /// Of all draws.
    public var seed = 0

    /// Bound, likelihood and units.
    public init() {}
}

/// What `evaluate` has measured.
public struct EvaluationOutcome {
    /// The numbers, as a run's `evaluation.json` holds them.
    public var measured: RunEvaluation
    /// The largest error of a flow and its inverse; `nil` for other models.
    public var roundTripError: Double?
    /// Measurements that failed; the others were made all the same.
    public var failures: [MeasurementFailure]
}

extension TrainedModel {
    /// How many training examples a prior is fitted to, at most.
    public static let priorFitLimit = 10_000
    /// Images of each kind that are compared, at most.
    private static let imageLimit = 10_000
    /// Numbers in the codes of all examples that are scored, at most.
    private static let codeLimit = 1 << 24

    /// Measures the model on a split.
    ///
    /// Refusals come before anything is measured; a measurement that fails later costs its own result and no other's.
    ///
    /// - Parameters:
    ///   - splits: The data to measure on.
    ///   - name: Which split; held-out examples when absent.
    ///   - request: What to measure.
    ///   - areOwn: Whether they are the data that the model was trained on; others that have no splits are measured as
    ///     the whole that they are.
    ///   - own: The data that the model was trained on, where `splits` are others.
    ///   - progress: Told of each pass.
    /// - Returns: The numbers.
    /// - Throws: `MeasurementError` where the model or its data do not allow a measurement;
    ///   `EvaluationError.boundNotFinite`; errors of the data.
    public func evaluate(
        _ splits: DataSplits, split name: String? = nil, _ request: EvaluationRequest = EvaluationRequest(),
        areOwn: Bool = true, trainedOn own: DataSplits? = nil, progress: @escaping ProgressHandler = { _ in }
    ) throws -> EvaluationOutcome {
        let (split, source) = try chosenSplit(of: splits, named: name, areOwn: areOwn)
        let passes = try SplitPasses(
            self, SubsetSource(source, at: Array(0..<min(source.count, request.count ?? source.count))),
            split: split, seed: request.seed, progress: progress)
        var settings = Evaluator.Settings()
        settings.boundSamples = request.boundSamples
        settings.importanceSamples =
            request.importanceSamples ?? (boundKind == .loss || traits.isExact ? 0 : 100)
        // Refusals first, before anybody has waited.
        let surgery = try surgery(request, passes)
        let gaps = try gaps(request, passes, samples: settings.importanceSamples)
        let annealing = try annealing(request, passes)
        let priorFit = try priorFit(request, passes, (own ?? splits).training)
        let disentanglement = try disentanglement(request, splits, progress)
        let realism = try realism(request, splits, split, source, progress)
        let evaluation = try passes.evaluation(settings)
        guard evaluation.elbo.mean.isFinite else { throw EvaluationError.boundNotFinite }
        var outcome = EvaluationOutcome(
            measured: RunEvaluation(
                checksum: checksum, data: source.name, preprocessing: configuration.data.preprocessing,
                seed: request.seed, evaluation: evaluation),
            roundTripError: nil, failures: [])
        outcome.measured.surgery = outcome.attempt(.surgery, surgery)
        outcome.measured.gaps = outcome.attempt(.gaps, gaps)
        outcome.measured.annealed = outcome.attempt(.annealing, annealing)
        outcome.measured.priorFit = outcome.attempt(.priorFit, priorFit)
        outcome.measured.disentanglement = outcome.attempt(.disentanglement, disentanglement)
        outcome.measured.realism = outcome.attempt(.realism, realism)
        outcome.roundTripError = outcome.attempt(.roundTrip, passes.roundTripError) ?? nil
        return outcome
    }

    /// The examples of a split, which must be of the model's kind; all of other data that have no splits.
    ///
    /// - Throws: `DatasetsError`.
    func chosenSplit(
        of splits: DataSplits, named name: String?, areOwn: Bool = true
    ) throws -> (name: String, source: any DataSource) {
        var chosen = try name.map { ($0, try splits.split(named: $0)) } ?? splits.heldOut
        if !areOwn, splits.validation == nil, splits.test == nil { chosen.0 = wholeDataName }
        try configuration.check(chosen.1)
        return chosen
    }

    private typealias Measuring<Result> = () throws -> Result

    private func surgery(
        _ request: EvaluationRequest, _ passes: SplitPasses
    ) throws -> Measuring<Surgery>? {
        guard request.surgery else { return nil }
        try passes.checkSurgery()
        return { try passes.surgery(samples: request.boundSamples) }
    }

    private func gaps(
        _ request: EvaluationRequest, _ passes: SplitPasses, samples: Int
    ) throws -> Measuring<Gaps>? {
        guard let refinement = request.gaps else { return nil }
        try passes.checkGaps()
        return { try passes.gaps(refinement, samples: samples > 0 ? samples : 100) }
    }

    private func annealing(
        _ request: EvaluationRequest, _ passes: SplitPasses
    ) throws -> Measuring<AnnealedLikelihood>? {
        guard let sampling = request.annealing else { return nil }
        try passes.checkAnnealed()
        return { try passes.annealed(sampling) }
    }

    /// The codes that a mixture learns are of the model's own training examples, whatever is measured.
    private func priorFit(
        _ request: EvaluationRequest, _ passes: SplitPasses, _ training: any DataSource
    ) throws -> Measuring<PriorFit>? {
        guard request.priorFit else { return nil }
        var order = passes.seed.child(named: "training examples")
        let places = Array((0..<training.count).shuffled(using: &order).prefix(Self.priorFitLimit))
        let learned = try SplitPasses(
            self, SubsetSource(training, at: places), split: "training", seed: request.seed,
            progress: passes.progress)
        try passes.checkPriorFit(to: learned)
        return { try passes.priorFit(to: learned, samples: request.boundSamples) }
    }

    private func disentanglement(
        _ request: EvaluationRequest, _ splits: DataSplits, _ progress: @escaping ProgressHandler
    ) throws -> Measuring<Disentanglement>? {
        guard request.disentanglement else { return nil }
        guard let grid = splits.grid else {
            throw MeasurementError(
                .disentanglement,
                "the factors that \(splits.training.name) is drawn from are not known; 'sprites' has such")
        }
        try configuration.check(grid.source)
        let fewest = min(grid.source.count, MutualInformation.fewestExamples(of: grid.factors))
        let limit = max(fewest, Self.codeLimit / traits.units)
        let count = min(grid.source.count, limit, request.count ?? grid.source.count)
        guard count >= fewest else {
            throw MeasurementError(
                .disentanglement,
                "of \(count) combinations of the factors chance alone would tell more than a tenth of a factor; "
                    + "take \(fewest) examples at least, or all combinations")
        }
        var order = Generator(seed: UInt64(request.seed)).child(named: "combinations")
        let places = order.permutation(of: grid.source.count).prefix(count).sorted()
        let passes = try SplitPasses(
            self, SubsetSource(grid.source, at: places), split: "all", seed: request.seed, progress: progress)
        return { try passes.disentanglement(values: places.map(grid.values), of: grid.factors) }
    }

    private func realism(
        _ request: EvaluationRequest, _ splits: DataSplits, _ split: String, _ source: any DataSource,
        _ progress: @escaping ProgressHandler
    ) throws -> Measuring<Realism>? {
        guard request.realism else { return nil }
        guard traits.hasPrior else {
            throw MeasurementError(
                .realism, "the model has no prior to draw samples from; fit one to its codes")
        }
        let count = min(source.count, Self.imageLimit, request.count ?? source.count)
        // At random, as a folder has its images class by class.
        var order = Generator(seed: UInt64(request.seed)).child(named: "images")
        func chosen(_ source: any DataSource) -> SubsetSource {
            SubsetSource(source, at: Array(order.permutation(of: source.count).prefix(count)))
        }
        let passes = try SplitPasses(
            self, chosen(source), split: split, seed: request.seed, progress: progress)
        let isApart = split != "training" && splits.training.count >= count
        let training = isApart ? chosen(splits.training) : nil
        // Runs that set different examples aside for validation are compared in the same features.
        let learned = splits.undivided
        try passes.checkRealism(learningFrom: learned)
        return { try passes.realism(learningFrom: learned, training: training) }
    }
}

extension EvaluationOutcome {
    /// Makes a measurement, or notes why it failed.
    fileprivate mutating func attempt<Result>(
        _ measurement: Measurement, _ measuring: (() throws -> Result)?
    ) -> Result? {
        do {
            return try measuring?()
        } catch {
            failures.append(MeasurementFailure(measurement: measurement, error: error))
            return nil
        }
    }
}
