import Bounds
import Datasets
import Settings
import Tensors

/// The settings of a normalising flow as a model.
public struct FlowRecipe<Architecture: FlowArchitecture>: Choice {
    /// The shape of an example: `[channels, height, width]` or `[values]`.
    public var exampleShape: [Int] = []
    /// The bijectors.
    public var architecture = Architecture()
    /// How levels become real numbers; none for data that are real numbers.
    public var dequantization = Dequantization.none

    /// The defaults, for examples whose shape is not known yet.
    public init() {}

    /// A flow of an architecture.
    public init(
        exampleShape: [Int], architecture: Architecture = Architecture(),
        dequantization: Dequantization = .none
    ) {
        self.exampleShape = exampleShape
        self.architecture = architecture
        self.dequantization = dequantization
    }

    /// That of the architecture.
    public static var kind: String { Architecture.kind }

    /// That of the architecture.
    public static var help: String { Architecture.help }

    /// The settings, those of the architecture among them.
    public static var settings: [Setting<FlowRecipe>] {
        [exampleShapeSetting(\.exampleShape)]
            + Setting.inlined(\.architecture)
            + [Dequantization.setting(\.dequantization)]
    }

    /// What the model is made of.
    public var configuration: FlowModel.Configuration {
        FlowModel.Configuration(
            exampleShape: exampleShape, architecture: architecture, dequantization: dequantization)
    }

    /// Checks that the choices describe a model.
    public func validate() throws {
        try checkSettings()
        try configuration.validate()
    }

    /// The shape from the data, and noise within levels.
    public mutating func adapt(to data: DataTraits, given: JSONValue) {
        if given["exampleShape"] == nil { exampleShape = data.exampleShape }
        if given["dequantization"] == nil { dequantization = data.showsLevels ? .uniform : .none }
        architecture.adapt(to: data, given: given)
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
            ? "the model '\(Self.kind)' is a density of real numbers or of the 256 levels of images" : nil
    }
}
