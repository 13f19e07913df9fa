import Bounds
import Settings
import Tensors

/// The settings of probabilistic principal component analysis.
public struct PrincipalComponentsRecipe: ModelRecipe {
    /// The shape of an example: `[channels, height, width]` or `[values]`.
    public var exampleShape: [Int] = []
    /// How many components.
    public var latents = 2

    /// Its name.
    public static let kind = "ppca"
    /// Its line in the help.
    public static let help = "Probabilistic PCA: linear, with a tight bound."
    /// Its settings.
    public static var settings: [Setting<PrincipalComponentsRecipe>] {
        [
            exampleShapeSetting(\.exampleShape),
            .integer("latents", \.latents, in: Limits.width, .option("latents", help: "The size of z.")),
        ]
    }

    /// Two components of examples whose shape is not known yet.
    public init() {}

    /// A density of real numbers.
    public var isOverLevels: Bool { false }
    /// A linear model.
    public var title: String { "Principal components" }
    /// The choices in a phrase.
    public var summary: String { "probabilistic PCA of \(latents) components" }

    /// The model, with random components.
    public func makeModel(using generator: inout Generator) throws -> any LatentVariableModel {
        try validate()
        return PrincipalComponents(self, using: &generator)
    }

    /// Fewer components than values.
    public func validate() throws {
        try checkSettings()
        let dimensions = exampleShape.reduce(1, *)
        try require(
            latents < dimensions, "latents", latents, "fewer than the \(dimensions) values of an example")
    }

    /// The shape from the data.
    public mutating func adapt(to data: DataTraits, given: JSONValue) {
        if given["exampleShape"] == nil { exampleShape = data.exampleShape }
    }
}
