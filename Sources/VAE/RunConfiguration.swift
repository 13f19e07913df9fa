import Datasets
import Training

/// Everything needed to repeat a run: `config.json`.
public struct RunConfiguration: Codable, Sendable, Equatable {
    /// The version of this format.
    public var version = 1
    /// Determines the order of examples, the weights at the start and all noise.
    public var seed: UInt64
    /// What to learn.
    public var data: DataChoice
    /// What learns.
    public var model: ModelRecipe
    /// How.
    public var training: TrainingSettings

    /// A configuration.
    public init(
        seed: UInt64 = 0, data: DataChoice, model: ModelRecipe,
        training: TrainingSettings = TrainingSettings()
    ) {
        self.seed = seed
        self.data = data
        self.model = model
        self.training = training
    }

    /// The values in an example when a likelihood of discrete data is measured, for bits per dimension.
    public var discreteDimensions: Int? {
        data.preprocessing.isBinary || model.isOverLevels ? model.exampleShape.reduce(1, *) : nil
    }
}
