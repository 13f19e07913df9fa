import Bounds
import Datasets
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

    /// Why the model cannot learn numbers such as these; `nil` when it can.
    func objection(to values: [Float]) -> String?

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

    /// None, unless a kind says otherwise.
    public func objection(to values: [Float]) -> String? { nil }

    /// It cannot, unless a kind says otherwise.
    public func validateMeanStart() throws {
        throw SettingsError.invalid(setting: "startsAtMean", value: "true", allowed: "with the model 'vae'")
    }

    /// It has none, unless a kind says otherwise.
    public func replacingPrior(by prior: any PriorRecipe) -> (any ModelRecipe)? { nil }
}
