import Bounds
import Datasets
import Tensors
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
    /// The run whose weights it begins with; nil for weights that the seed draws.
    public var from: String?
    /// Whether the decoder begins around the mean of the training examples; nil for not.
    public var startsAtMean: Bool?

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

    /// Checks that the model takes the examples of a set: their shape, levels and classes.
    ///
    /// - Throws: `DatasetsError.unsuitable`.
    public func check(_ source: any DataSource) throws {
        func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: "×") }
        func require(_ holds: Bool, _ reason: @autoclosure () -> String) throws {
            guard holds else { throw DatasetsError.unsuitable(set: source.name, reason: reason()) }
        }
        try require(
            source.exampleShape == model.exampleShape,
            "its examples are \(text(source.exampleShape)), the model takes \(text(model.exampleShape))")
        try require(
            !model.isOverLevels || data.preprocessing == .grey,
            "the model is one of the 256 levels of images, the data are \(data.preprocessing.summary)")
        let classes = model.classes
        try require(
            classes == 0 || source.labels?.allSatisfy { (0..<classes).contains($0) } == true,
            "the model is told one of \(classes) classes for each example, which these data do not have")
    }

    /// Why the run's numbers are no likelihood of its data; `nil` where they are.
    ///
    /// - Throws: `ModelsError` when the recipe does not describe a model.
    public func lossReason() throws -> String? {
        var weights = Generator(seed: seed)
        return traits(of: try model.makeModel(using: &weights)).lossReason(
            seesBinary: data.preprocessing.isBinary)
    }

    /// What can be asked of a model of this configuration.
    func traits(of model: any LatentVariableModel) -> ModelTraits {
        let zeros = Tensor.zeros([1] + self.model.exampleShape)
        return ModelTraits(of: model, example: Batch(zeros, classes: self.model.classes > 0 ? [0] : nil))
    }

    /// Checks all splits.
    ///
    /// - Throws: `DatasetsError.unsuitable`.
    func check(_ splits: DataSplits) throws {
        for source in [splits.training, splits.validation, splits.test] {
            if let source { try check(source) }
        }
    }

    /// The values in an example when a likelihood of discrete data is measured, for bits per dimension.
    public var discreteDimensions: Int? {
        data.preprocessing.isBinary || model.isOverLevels ? model.exampleShape.reduce(1, *) : nil
    }
}
