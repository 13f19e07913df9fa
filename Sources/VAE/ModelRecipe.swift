import Bounds
import Datasets
import Models
import Settings
import Tensors

/// The settings of a model, with everything that determines it but its weights.
///
/// A package adds models of its own by `RunConfiguration.models.register(_:)`, and gets training, resuming, reopening,
/// sampling, evaluation and report for them.
public protocol ModelRecipe: Choice {
    /// A model with random weights.
    ///
    /// - Throws: `SettingsError` when the recipe does not describe one.
    func makeModel(using generator: inout Generator) throws -> any LatentVariableModel

    /// The shape of an example.
    var exampleShape: [Int] { get }

    /// How many classes the model is told of; 0 for none.
    var classes: Int { get }

    /// Whether the model's likelihood is one of the levels of 8-bit data.
    var isOverLevels: Bool { get }

    /// What kind of model it is, with its article, to begin a heading.
    var title: String { get }

    /// What to call the model in reports.
    var summary: String { get }

    /// What to call the model in the name of a run folder.
    var runName: String { get }

    /// Why the model cannot learn data that have been preprocessed so; `nil` when it can.
    func objection(to preprocessing: Preprocessing) -> String?

    /// Checks that the model can begin at the mean of the data.
    ///
    /// - Throws: `SettingsError`.
    func validateMeanStart() throws

    /// The same model with another prior; `nil` where it has none to replace.
    func replacingPrior(by prior: any PriorRecipe) -> (any ModelRecipe)?
}

extension ModelRecipe {
    /// None, unless a kind says otherwise.
    public var classes: Int { 0 }

    /// The name of the kind, unless a kind says otherwise.
    public var runName: String { Self.kind }

    /// None, unless a kind says otherwise.
    public func objection(to preprocessing: Preprocessing) -> String? { nil }

    /// It cannot, unless a kind says otherwise.
    public func validateMeanStart() throws {
        throw SettingsError.invalid(setting: "startsAtMean", value: "true", allowed: "with '--model vae'")
    }

    /// It has none, unless a kind says otherwise.
    public func replacingPrior(by prior: any PriorRecipe) -> (any ModelRecipe)? { nil }
}

extension RunConfiguration {
    /// The models by name.
    public static let models = Registry<any ModelRecipe.Type>(
        "model",
        [
            GaussianVAE.Configuration.self, FlowRecipe<RealNVPArchitecture>.self,
            FlowRecipe<MaskedAutoregressiveArchitecture>.self,
        ])
}

extension GaussianVAE.Configuration: ModelRecipe {
    /// A Gaussian VAE.
    public func makeModel(using generator: inout Generator) throws -> any LatentVariableModel {
        try GaussianVAE(self, using: &generator)
    }

    /// Where the likelihood is one of levels, or noise makes it one.
    public var isOverLevels: Bool { likelihood.support == .levels || dequantization != .none }

    /// An autoencoder where the encoder is deterministic.
    public var title: String { posterior.isDeterministic ? "An autoencoder" : "A variational autoencoder" }

    /// The kind of its networks.
    public var runName: String { type(of: network).kind }

    /// The same model with another prior.
    public func replacingPrior(by prior: any PriorRecipe) -> (any ModelRecipe)? {
        var model = self
        model.prior = prior
        return model
    }
}

extension FlowRecipe: ModelRecipe {
    /// A flow.
    public func makeModel(using generator: inout Generator) throws -> any LatentVariableModel {
        try validate()
        return try FlowModel(configuration, using: &generator)
    }

    /// Where noise makes the density one of levels.
    public var isOverLevels: Bool { dequantization != .none }

    /// A normalising flow.
    public var title: String { "A normalising flow" }

    /// What to call the flow in reports.
    public var summary: String { configuration.summary }

    /// Zeros and ones have no density.
    public func objection(to preprocessing: Preprocessing) -> String? {
        preprocessing.isBinary
            ? "'--model \(Self.kind)' is a density of real numbers or of the 256 levels of images" : nil
    }
}
