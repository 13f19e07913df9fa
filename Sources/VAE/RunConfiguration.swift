import Bounds
import Datasets
import Models
import Settings
import Tensors
import Training

/// Everything needed to repeat a run: `config.json`.
public struct RunConfiguration: Configurable {
    /// The version of this format.
    public var version = Self.currentVersion
    /// Determines the order of examples, the weights at the start and all noise.
    public var seed: UInt64 = 0
    /// What to learn.
    public var data = DataChoice()
    /// What learns.
    public var model: any ModelRecipe = GaussianVAE.Configuration()
    /// How.
    public var training = TrainingSettings()
    /// The run whose weights it begins with; nil for weights that the seed draws.
    public var from: String?
    /// The run whose encoder and decoder it keeps, under a prior that was fitted to its codes; nil for a run of its own.
    public var refitted: String?
    /// Whether the decoder begins around the mean of the training examples.
    public var startsAtMean = false
    /// The safetensors file whose weights it begins with; nil for weights that the seed draws.
    public var initialWeights: String?

    /// The version of the format that this program reads and writes.
    public static let currentVersion = 2

    /// A VAE of the sprites, whose shape is not known yet.
    public init() {}

    /// A configuration.
    public init(
        seed: UInt64 = 0, data: DataChoice, model: any ModelRecipe,
        training: TrainingSettings = TrainingSettings()
    ) {
        self.seed = seed
        self.data = data
        self.model = model
        self.training = training
    }

    /// Reads a configuration of the current version.
    public init(from decoder: any Decoder) throws {
        let json = try JSONValue(from: decoder)
        try Self.checkVersion(of: json)
        try self.init(json)
    }

    /// What can be asked of a model of this configuration.
    func traits(of model: any LatentVariableModel) -> ModelTraits {
        let zeros = Tensor.zeros([1] + self.model.exampleShape)
        return ModelTraits(of: model, example: Batch(zeros, classes: self.model.classes > 0 ? [0] : nil))
    }

    /// Checks that a configuration is of the current version.
    ///
    /// - Throws: `SettingsError.otherVersion`.
    public static func checkVersion(of json: JSONValue) throws {
        guard case .integer(let version)? = json["version"], version != currentVersion else { return }
        throw SettingsError.otherVersion(found: version, expected: currentVersion)
    }

}

extension RunConfiguration {
    /// The settings.
    public static var settings: [Setting<RunConfiguration>] {
        [
            .integer("version", \.version, in: currentVersion...currentVersion),
            .integer(
                "seed", \.seed, in: 0...Int.max,
                .option(
                    "seed", usual: true, help: "Seed of all random draws: the same seed, the same result.")),
            .nested("data", \.data),
            .kind(
                "model", \.model, of: models, option: .option("model", usual: true, help: "What learns.")),
            .nested("training", \.training),
            Setting(optional: "from", \.from, .text), Setting(optional: "refitted", \.refitted, .text),
            .flag(
                "startsAtMean", \.startsAtMean,
                .option(
                    "mean-start",
                    help: """
                        The decoder begins around the mean of the training examples instead of at 1/2, which spares it \
                        the epochs that learn the mean. For a Bernoulli likelihood and an mlp or gated network.
                        """)),
            Setting(
                optional: "initialWeights", \.initialWeights, .text,
                option: .option(
                    "init", placeholder: "file",
                    help: """
                        Begins with the weights in a safetensors file, of any floating-point type, under our names \
                        (docs/Weights.md).
                        """)),
        ]
    }

    /// Checks every part by itself, and that a model which is to begin at the mean can.
    public func validate() throws {
        try checkSettings()
        if startsAtMean { try model.validateMeanStart() }
    }

    /// The data come first, as they say what the model sees.
    public mutating func adapt(to data: DataTraits, given: JSONValue) {
        self.data.adapt(to: data, given: given["data"] ?? .object([:]))
        var data = data
        data.showsLevels = self.data.preprocessing == .grey
        adaptParts(to: data, given: given)
        if given["training"]?["batchSize"] == nil {
            training.batchSize = min(training.batchSize, max(1, data.count - self.data.validationCount))
        }
        // A shorter run than the preset has leaves time after the warm-up.
        if given["training"]?["warmUpEpochs"] == nil, training.warmUpEpochs >= training.epochs {
            training.warmUpEpochs = training.epochs * 3 / 4
        }
    }
}
