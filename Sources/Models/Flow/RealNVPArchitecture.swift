import Flows
import Layers
import Probability
import Settings
import Tensors

/// Affine couplings of channels in levels, for images.
public struct RealNVPArchitecture: FlowArchitecture {
    /// How often the image is halved.
    public var levels: Int
    /// Couplings in each level.
    public var steps: Int
    /// Channels of the network in each coupling.
    public var features: Int
    /// What is done to channels between couplings.
    public var mixing: ImageRealNVP.Mixing

    /// Its name.
    public static let kind = "realnvp"
    /// Its line in the help.
    public static let help = "A normalising flow of couplings in levels, for images."
    /// Its settings.
    public static var settings: [Setting<RealNVPArchitecture>] {
        [
            .integer(
                "levels", \.levels, in: 1...10,
                .option(
                    "levels", default: "3, or as often as its sides allow",
                    help: "How often the image is halved.")),
            .integer(
                "layers", \.steps, in: Limits.layers,
                .option("flow-layers", help: "Couplings in each level of realnvp.")),
            .integer(
                "hidden", \.features, in: Limits.width,
                .option("flow-hidden", help: "Channels of the network in each coupling of realnvp.")),
            .choice(
                "mixing", \.mixing,
                .option(
                    "mixing",
                    help:
                        "What is done to channels between couplings: a fixed permutation, or a learned 1×1 convolution."
                )),
        ]
    }

    /// The choice, of three levels of six couplings.
    public init() { self.init(levels: 3, steps: 6, features: 128, mixing: .learned) }

    /// Levels of couplings.
    public init(levels: Int, steps: Int, features: Int, mixing: ImageRealNVP.Mixing) {
        self.levels = levels
        self.steps = steps
        self.features = features
        self.mixing = mixing
    }

    /// The couplings.
    public func make(for exampleShape: [Int], using generator: inout Generator) -> any Bijector & Module {
        ImageRealNVP(
            channels: exampleShape[0], levels: levels, steps: steps, features: features, mixing: mixing,
            using: &generator)
    }

    /// The choice in a phrase.
    public var summary: String {
        "RealNVP of \(levels) levels of \(steps) couplings with \(features) features, \(mixing.rawValue) mixing"
    }

    /// An image whose sides can be halved.
    public func validate(for exampleShape: [Int]) throws {
        try require(exampleShape.count == 3, "kind", "realnvp", "'maf' for examples that are not images")
        try require(
            exampleShape[1] % (1 << levels) == 0 && exampleShape[2] % (1 << levels) == 0, "levels", levels,
            "as often as \(exampleShape[1])×\(exampleShape[2]) can be halved, at least once")
    }

    /// Three levels, or as often as the sides can be halved.
    public mutating func adapt(to data: DataTraits, given: JSONValue) {
        guard given["levels"] == nil else { return }
        let halvings = data.exampleShape.dropFirst().map(\.trailingZeroBitCount).min() ?? 1
        levels = max(1, min(levels, halvings))
    }
}

extension FlowArchitecture where Self == RealNVPArchitecture {
    /// Affine couplings of channels in levels, for images.
    public static func realNVP(
        levels: Int, steps: Int, features: Int, mixing: ImageRealNVP.Mixing
    ) -> RealNVPArchitecture {
        RealNVPArchitecture(levels: levels, steps: steps, features: features, mixing: mixing)
    }
}
