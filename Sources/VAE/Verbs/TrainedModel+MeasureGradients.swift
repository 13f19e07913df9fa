import Bounds
import Datasets
import Evaluation
import Tensors

/// Bias and noise of gradient estimators, with what could not be measured.
public struct GradientOutcome {
    /// The numbers, as a run's `gradients.json` holds them.
    public let measured: RunGradients
    /// The traits that the estimators left out ask for, and the model's latents lack.
    public let missing: [LatentTrait]
}

extension TrainedModel {
    /// Measures bias and noise of each way to find the encoder's gradient that suits the model.
    ///
    /// - Parameters:
    ///   - splits: The data.
    ///   - name: Which split; held-out examples when absent.
    ///   - measurement: Which bound, and how many estimates.
    ///   - count: Examples in the batch, the first of the split.
    ///   - seed: Of all draws.
    ///   - areOwn: Whether they are the data that the model was trained on.
    ///   - progress: Told of each gradient.
    /// - Returns: The numbers.
    /// - Throws: `EvaluationError` when the model has no latent, or no encoder of its own; errors of the data.
    public func measureGradients(
        _ splits: DataSplits, split name: String? = nil, _ measurement: GradientMeasurement = .init(),
        count: Int = 100, seed: Int = 0, areOwn: Bool = true, progress: @escaping ProgressHandler = { _ in }
    ) throws -> GradientOutcome {
        let (split, source) = try chosenSplit(of: splits, named: name, areOwn: areOwn)
        let noise = Generator(seed: UInt64(seed))
        let preprocessing = configuration.data.preprocessing
        let batch = preprocessing.apply(
            to: try source.batch(0..<min(source.count, count)), using: noise)
        let (estimators, missing) = measurement.estimators(for: traits.latentTraits)
        var stage = Stage(
            "gradients", total: measurement.drawCount(for: estimators.count), unit: "gradient", progress)
        let report = try measurement.report(
            of: model, on: batch, split: split, estimators: estimators, noise: noise
        ) { stage.advance() }
        return GradientOutcome(
            measured: RunGradients(
                checksum: checksum, data: source.name, preprocessing: preprocessing, seed: seed,
                gradients: report), missing: missing)
    }
}
