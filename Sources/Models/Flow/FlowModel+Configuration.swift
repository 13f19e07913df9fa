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
