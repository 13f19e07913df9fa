import Flows
import Layers
import Probability
import Settings
import Tensors

extension FlowModel {
    /// Everything that determines the model, but for its weights.
    public struct Configuration: Sendable {
        /// The shape of an example: `[channels, height, width]` or `[values]`.
        public var exampleShape: [Int]
        /// The bijectors.
        public var architecture: any FlowArchitecture
        /// How levels become real numbers; none for data that are real numbers.
        public var dequantization: Dequantization

        /// A configuration.
        public init(
            exampleShape: [Int], architecture: any FlowArchitecture, dequantization: Dequantization = .none
        ) {
            self.exampleShape = exampleShape
            self.architecture = architecture
            self.dequantization = dequantization
        }

        /// The number of values in an example, and in z.
        public var dimensions: Int { exampleShape.reduce(1, *) }

        /// The choices in a phrase.
        public var summary: String {
            dequantization == .none
                ? architecture.summary : "\(architecture.summary), \(dequantization.rawValue) dequantization"
        }

        /// Checks that the choices describe a model.
        ///
        /// - Throws: `SettingsError`.
        public func validate() throws {
            try require(
                [1, 3].contains(exampleShape.count) && exampleShape.allSatisfy { $0 > 0 }, "exampleShape",
                exampleShape, "[values] or [channels, height, width], all positive")
            try architecture.validate()
            try architecture.validate(for: exampleShape)
        }
    }
}

/// The settings of the bijectors between z and x, and how they are made of them.
///
/// `FlowRecipe` makes a model of one; a package registers that by `RunConfiguration.models.register(_:)`.
public protocol FlowArchitecture: Choice {
    /// The bijector from z to x, with weights drawn by the generator.
    func make(for exampleShape: [Int], using generator: inout Generator) -> any Bijector & Module

    /// The choice in a phrase.
    var summary: String { get }

    /// Checks that the bijectors suit the examples.
    ///
    /// - Throws: `SettingsError`, which names settings of the model.
    func validate(for exampleShape: [Int]) throws
}

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
        [.integers("exampleShape", \.exampleShape, in: Limits.side, count: 1...3)]
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
