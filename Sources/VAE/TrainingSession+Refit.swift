import Bounds
import Datasets
import Foundation
import Layers
import Models
import Runs
import Settings
import Tensors
import Training

extension TrainingSession {
    /// Begins a run that fits another prior to the codes of a trained model, whose encoder and decoder stay as they are.
    ///
    /// Maximises E_q[log p(z)] over the data, the part of the ELBO that knows the prior; its optimum among all densities
    /// is the aggregated posterior. For an autoencoder it is what makes it a model to sample from.
    ///
    /// - Parameters:
    ///   - prior: The family to fit.
    ///   - trained: A Gaussian VAE.
    ///   - settings: How to fit it; what is frozen is set here.
    ///   - splits: The data that the model was trained on.
    ///   - folder: Made now; must not hold a run.
    /// - Throws: As beginning a run; `SettingsError.invalid` when the model has no prior to replace.
    public convenience init(
        fitting prior: any PriorRecipe, to trained: TrainedModel, settings: TrainingSettings,
        data splits: DataSplits, in folder: URL
    ) throws {
        var configuration = try trained.configuration.replacingPrior(by: prior)
        configuration.training = settings
        configuration.refitted = trained.run.url.standardizedFileURL.path
        let keys = ModuleState(trained.model).parameters.map { $0.key.prefix { $0 != "." } }
        configuration.training.frozen = Set(keys.map(String.init)).subtracting([GaussianVAE.priorPart])
            .sorted()
        let parts = try Parts(configuration, splits)
        try parts.model.takeNetworks(from: trained.model)
        let run = try RunFolder(preparing: folder)
        try self.init(configuration, splits, parts, run)
        try run.write(DataRecord(splits))
        try trainer.saveStart()
        try run.begin(with: configuration)
    }
}

extension TrainedModel {
    /// Makes a run of the same model with the aggregated posterior as its prior: 1/N Σ_n q(z | x_n) over the training
    /// examples.
    ///
    /// This prior maximizes the ELBO of the training examples, and it memorizes them.
    ///
    /// Source: MIPT Deep Generative Models 6; Hoffman, Johnson 2016, "ELBO surgery"; Tomczak, Welling 2018, section 2.
    ///
    /// - Parameters:
    ///   - splits: The data that the model was trained on.
    ///   - folder: Made now; must not hold a run.
    ///   - didEncode: Told how many examples have been encoded.
    /// - Returns: The new run.
    /// - Throws: Errors of the data and the folder; `SettingsError.invalid` when the model has no prior to replace, or its
    ///   posterior no variances.
    public func aggregatingPosterior(
        over splits: DataSplits, in folder: URL, didEncode: (Int) -> Void = { _ in }
    ) throws -> RunFolder {
        let source = splits.training
        let new = try RunFolder(preparing: folder)
        var configuration = try configuration.replacingPrior(by: .aggregated(count: source.count))
        try configuration.check(splits)
        configuration.training.averageDecay = 0
        configuration.refitted = run.url.standardizedFileURL.path
        var logVariances: [Tensor] = []
        let means = try inChunks(source.count) { range in
            let codes = encode(
                configuration.data.preprocessing.apply(to: try source.batch(range), using: evaluationNoise))
            logVariances.append(codes.logVariances!)
            didEncode(range.count)
            return codes.centers
        }
        try configuration.requireMemory()
        var weights = Generator(seed: configuration.seed)
        let model = try configuration.model.makeModel(using: &weights)
        try model.takeNetworks(from: self.model)
        (model as? GaussianVAE)?.setAggregatedPrior(
            means: means, logVariances: Tensor.concatenated(logVariances, along: 0))
        var checkpoint = Checkpoint()
        checkpoint.add("model", ModuleState(model).tensors)
        try new.write(DataRecord(splits))
        try new.save(checkpoint, step: 0, as: CheckpointName.standing)
        try new.begin(with: configuration)
        return new
    }
}

extension RunConfiguration {
    /// The same run with another prior.
    fileprivate func replacingPrior(by prior: any PriorRecipe) throws -> RunConfiguration {
        guard let model = model.replacingPrior(by: prior) else {
            throw SettingsError.invalid(
                setting: "model", value: model.summary, allowed: "a VAE, which has a prior")
        }
        var configuration = self
        configuration.model = model
        // How the other run began does not say how this one does.
        configuration.from = nil
        configuration.startsAtMean = false
        configuration.initialWeights = nil
        try configuration.validate()
        return configuration
    }
}

extension LatentVariableModel {
    /// Takes over all weights but those of the prior.
    fileprivate func takeNetworks(from other: any LatentVariableModel) throws {
        let kept = ModuleState(other).excluding([GaussianVAE.priorPart]).tensors
        try ModuleState(self).load(
            Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.tensor) }), strictly: false)
    }
}
