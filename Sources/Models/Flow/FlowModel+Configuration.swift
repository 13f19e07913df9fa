import Flows

extension FlowModel {
    /// Everything that determines the model, but for its weights.
    public struct Configuration: Codable, Sendable, Equatable {
        /// The shape of an example: `[channels, height, width]` or `[values]`.
        public var exampleShape: [Int]
        /// The bijectors.
        public var architecture: Architecture
        /// How levels become places; none for real numbers.
        public var dequantization: Dequantization

        /// A configuration.
        public init(exampleShape: [Int], architecture: Architecture, dequantization: Dequantization = .none) {
            self.exampleShape = exampleShape
            self.architecture = architecture
            self.dequantization = dequantization
        }

        /// The number of values in an example, and in z.
        public var dimensions: Int { exampleShape.reduce(1, *) }

        /// The choices in a phrase.
        public var summary: String {
            let flow =
                switch architecture {
                case .realNVP(let levels, let steps, let features, let mixing):
                    "RealNVP of \(levels) levels of \(steps) couplings with \(features) features, "
                        + "\(mixing.rawValue) mixing"
                case .maskedAutoregressive(let layers, let hidden):
                    "masked autoregressive flow of \(layers) layers \(hidden)"
                }
            return dequantization == .none ? flow : "\(flow), \(dequantization.rawValue) dequantization"
        }

        /// Checks that the choices describe a model.
        ///
        /// - Throws: `ModelsError.invalid` with the field, its value and what is allowed.
        public func validate() throws {
            try require(
                [1, 3].contains(exampleShape.count) && exampleShape.allSatisfy { $0 > 0 }, "exampleShape",
                exampleShape, "[values] or [channels, height, width], all positive")
            switch architecture {
            case .realNVP(let levels, let steps, let features, _):
                try require(
                    exampleShape.count == 3, "model", "RealNVP of images",
                    "a masked autoregressive flow for examples that are not images")
                try require((1...10).contains(levels), "levels", levels, "1 to 10")
                try requireFlow("flow", layers: steps)
                try require((1...65_536).contains(features), "flow widths", features, "1 to 65536")
                try require(
                    exampleShape[1] % (1 << levels) == 0 && exampleShape[2] % (1 << levels) == 0, "levels",
                    levels, "as often as \(exampleShape[1])×\(exampleShape[2]) can be halved, at least once")
            case .maskedAutoregressive(let layers, let hidden):
                try require(
                    exampleShape.count == 1, "model", "a masked autoregressive flow", "RealNVP for images")
                try requireFlow(
                    "flow", layers: layers, hidden: hidden, size: ("exampleShape", exampleShape[0]))
            }
        }
    }

    /// The bijectors between z and x.
    public enum Architecture: Codable, Sendable, Equatable {
        /// Affine couplings of channels in levels, for images.
        case realNVP(levels: Int, steps: Int, features: Int, mixing: ImageRealNVP.Mixing)
        /// Each element given those before it, in turn from both ends.
        case maskedAutoregressive(layers: Int, hidden: [Int])
    }
}
