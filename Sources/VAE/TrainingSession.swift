import Bounds
import Datasets
import Foundation
import Layers
import Models
import Runs
import Settings
import Tensors
import Training

/// A run from its configuration: data, model and trainer put together, new or resumed.
public final class TrainingSession {
    /// What is run.
    public let configuration: RunConfiguration
    /// Where.
    public let run: RunFolder
    /// What is trained.
    public let model: any LatentVariableModel
    /// What can be asked of it.
    public let traits: ModelTraits
    /// The data.
    public let splits: DataSplits
    /// Does the work; knows where the run is.
    public let trainer: Trainer

    /// Begins a new run.
    ///
    /// - Parameters:
    ///   - configuration: Everything that determines it.
    ///   - splits: The data that the configuration names, opened.
    ///   - folder: Made now; must not hold a run.
    ///   - start: A trained model of the same recipe, whose weights the new one begins with instead of drawing its own.
    /// - Throws: One line for each thing that may be wrong with configuration, data or folder.
    public convenience init(
        _ configuration: RunConfiguration, data splits: DataSplits, in folder: URL,
        from start: TrainedModel? = nil
    ) throws {
        // Whatever can be wrong is found before the folder is made.
        let parts = try Parts(configuration, splits)
        try splits.checkImages()
        var configuration = configuration
        if let start {
            let weights = ModuleState(start.model).tensors.map { ($0.key, $0.tensor) }
            try ModuleState(parts.model).load(Dictionary(uniqueKeysWithValues: weights))
            configuration.from = start.run.url.standardizedFileURL.path
            // How the other run began does not say how this one does.
            configuration.startsAtMean = false
            configuration.refitted = nil
            configuration.initialWeights = nil
        } else if configuration.startsAtMean {
            try parts.startAtMean(of: splits.training, configuration)
        }
        if start == nil { try parts.standardize(by: splits.training, configuration) }
        if let path = configuration.initialWeights { try parts.model.loadWeights(from: path) }
        configuration.data = try configuration.data.settled(on: splits)
        let record = try DataRecord(splits)
        let run = try RunFolder(preparing: folder)
        try self.init(configuration, splits, parts, run)
        try run.write(record)
        // With its configuration the folder becomes a run, which can then be resumed at any time.
        try trainer.saveStart()
        try run.begin(with: configuration)
    }

    /// Opens a run to go on with from its latest checkpoint.
    ///
    /// - Parameters:
    ///   - folder: The run folder.
    ///   - library: Where the data come from; as `DataChoice.open(in:seed:)` when absent.
    ///   - change: May change what does not affect the steps already taken, such as more epochs.
    /// - Throws: As beginning one; `TrainingError.cannotResume`.
    public convenience init(
        resuming folder: URL, data library: DataLibrary? = nil,
        change: (inout RunConfiguration) -> Void = { _ in }
    ) throws {
        let run = try RunFolder(resuming: folder)
        let stored = try run.configuration(as: RunConfiguration.self)
        var configuration = stored
        change(&configuration)
        let splits = try configuration.data.reopen(
            as: run.dataRecord(), needing: ["training", "validation"], in: library, seed: configuration.seed)
        configuration.data = try configuration.data.settled(on: splits)
        try self.init(configuration, splits, Parts(configuration, splits), run)
        try trainer.resume { metadata in
            try stored.checkUnchanged(
                since: metadata[Self.configurationKey], path: run.configurationURL.path)
        }
        if configuration != stored { try run.replaceConfiguration(configuration) }
    }

    /// Model and loaders of a configuration.
    struct Parts {
        let model: any LatentVariableModel
        let traits: ModelTraits
        let data: TrainingData

        init(_ configuration: RunConfiguration, _ splits: DataSplits) throws {
            try configuration.validate()
            try configuration.check(splits)
            try configuration.requireMemory(forTrainingOn: splits.training.count)
            var weights = Generator(seed: configuration.seed)
            model = try configuration.model.makeModel(using: &weights)
            traits = configuration.traits(of: model)
            let latentTraits = traits.latentTraits
            try SettingsError.within("training") {
                try configuration.training.validate(for: latentTraits)
            }
            _ = try configuration.training.learntPart(of: ModuleState(model))
            let order = Generator(seed: configuration.seed).child(named: "order")
            let batchSize = configuration.training.batchSize
            data = TrainingData(
                training: try BatchLoader(splits.training, batchSize: batchSize, shuffledBy: order),
                validation: try splits.validation.map { try BatchLoader($0, batchSize: batchSize) },
                preprocessing: configuration.data.preprocessing)
        }

        fileprivate func startAtMean(of source: any DataSource, _ configuration: RunConfiguration) throws {
            guard let model = model as? any StartsAtMean else {
                return try configuration.model.validateMeanStart()
            }
            try model.startDecoder(atMean: source.mean(after: configuration.data.preprocessing))
        }

        fileprivate func standardize(by source: any DataSource, _ configuration: RunConfiguration) throws {
            guard let model = model as? any StandardizesData, model.standardizesData else { return }
            let (mean, deviation) = try source.moments(after: configuration.data.preprocessing)
            model.standardize(by: mean, deviation)
        }
    }

    init(
        _ configuration: RunConfiguration, _ splits: DataSplits, _ parts: Parts, _ run: RunFolder
    ) throws {
        self.configuration = configuration
        self.splits = splits
        self.run = run
        model = parts.model
        traits = parts.traits
        trainer = try Trainer(
            parts.model, on: parts.data, settings: configuration.training, run: run,
            using: Generator(seed: configuration.seed))
        trainer.metadata[Self.configurationKey] = configuration.json.text
    }

    /// The key of the configuration in the metadata of a checkpoint.
    private static let configurationKey = "configuration"

    /// Why the run's numbers bound no probability of the data, and the remedy; `nil` where they do.
    public var kindNote: String? { configuration.kindNote(traits) }

    /// What the bound of the run's data is.
    public var boundKind: BoundKind { configuration.boundKind(traits) }

    /// Trains to the end, or until asked to stop.
    public func train(observer: TrainingObserver = TrainingObserver(), shouldStop: () -> Bool = { false })
        throws
        -> Trainer.Outcome
    {
        try trainer.train(observer: observer, shouldStop: shouldStop)
    }
}
