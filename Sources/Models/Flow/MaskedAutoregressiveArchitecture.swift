import Flows
import Layers
import Probability
import Settings
import Tensors

/// Each element given those before it, in turn from both ends; for rows of numbers.
public struct MaskedAutoregressiveArchitecture: FlowArchitecture {
    /// How many layers.
    public var layers: Int
    /// Widths of the network in each.
    public var hidden: [Int]

    /// Its name.
    public static let kind = "maf"
    /// Its line in the help.
    public static let help = "A masked autoregressive flow, for tables."
    /// Its settings.
    public static var settings: [Setting<MaskedAutoregressiveArchitecture>] {
        flowSettings(\.layers, \.hidden)
    }

    /// The choice, of six layers.
    public init() { self.init(layers: 6, hidden: [128]) }

    /// So many layers with networks of these widths.
    public init(layers: Int, hidden: [Int]) {
        self.layers = layers
        self.hidden = hidden
    }

    /// The layers.
    public func make(for exampleShape: [Int], using generator: inout Generator) -> any Bijector & Module {
        MaskedAutoregressiveFlow(
            size: exampleShape.reduce(1, *), layers: layers, hidden: hidden, using: &generator)
    }

    /// The choice in a phrase.
    public var summary: String { "masked autoregressive flow of \(layers) layers \(hidden)" }

    /// A row of at least two numbers.
    public func validate(for exampleShape: [Int]) throws {
        try require(exampleShape.count == 1, "kind", "maf", "'realnvp' for images")
        try requireElements(exampleShape[0], "exampleShape")
    }
}

extension FlowArchitecture where Self == MaskedAutoregressiveArchitecture {
    /// Each element given those before it, in turn from both ends.
    public static func maskedAutoregressive(layers: Int, hidden: [Int]) -> MaskedAutoregressiveArchitecture {
        MaskedAutoregressiveArchitecture(layers: layers, hidden: hidden)
    }
}
