import Bounds
import Datasets
import Foundation
import Layers
import Models
import Probability
import Runs
import Tensors

/// A model from a run folder, ready for use.
public struct TrainedModel {
    /// The folder that it came from.
    public let run: RunFolder
    /// Which of the folder's checkpoints it is.
    public let checkpoint: CheckpointName
    /// What made it.
    public let configuration: RunConfiguration
    /// Its weights are those of the checkpoint, averaged if the run averaged them.
    public let model: any LatentVariableModel
    /// What can be asked of it.
    public let traits: ModelTraits
    /// The checksum of its checkpoint: measurements of other weights are not of this model.
    public let checksum: String?

    /// Opens a run.
    ///
    /// - Parameters:
    ///   - folder: The run folder.
    ///   - name: Which of its checkpoints; a run without a best one yet has the latest.
    /// - Throws: `RunsError` or `FormatError` naming the file at fault.
    public init(opening folder: URL, checkpoint name: CheckpointName = .best) throws {
        run = try RunFolder(opening: folder)
        configuration = try run.configuration(as: RunConfiguration.self)
        try configuration.requireMemory()
        var generator = Generator(seed: configuration.seed)
        model = try configuration.model.makeModel(using: &generator)
        traits = configuration.traits(of: model)
        self.checkpoint = try name == .best && !run.hasCheckpoint(.best) ? .latest : name
        let checkpoint = try run.checkpoint(self.checkpoint)
        checksum = checkpoint.checksum
        let state = ModuleState(model)
        state.setTraining(false)
        do {
            try state.load(checkpoint.section("model"))
            if configuration.training.averageDecay > 0 {
                let learnt = try configuration.training.learntPart(of: state)
                let average = WeightAverage(learnt, decay: configuration.training.averageDecay)
                try average.load(checkpoint.section("average"))
                average.replaceWeights()
            }
        } catch {
            throw RunsError.mismatch(path: run.checkpointURL(name).path, reason: "\(error)")
        }
        if let name = state.firstNotFinite() {
            throw RunsError.notFinite(path: run.checkpointURL(self.checkpoint).path, name: name)
        }
    }

    /// The shape of an example.
    public var exampleShape: [Int] { configuration.model.exampleShape }

    /// What the bound of its data is.
    public var boundKind: BoundKind { configuration.boundKind(traits) }

    /// Why its numbers bound no probability of the data, and the remedy; `nil` where they do.
    public var kindNote: String? { configuration.kindNote(traits) }
}
