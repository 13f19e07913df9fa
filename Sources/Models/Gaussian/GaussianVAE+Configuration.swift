import Layers

extension GaussianVAE {
    /// Everything that determines the model, but for its weights.
    public struct Configuration: Codable, Sendable, Equatable {
        /// The shape of an example: `[channels, height, width]` or `[values]`.
        public var exampleShape: [Int]
        /// The size of z.
        public var latents: Int
        /// The networks on both sides of z.
        public var network: Network
        /// p(x | z).
        public var likelihood: LikelihoodFamily

        /// A configuration.
        public init(
            exampleShape: [Int], latents: Int = 20, network: Network = .mlp(hidden: [400]),
            likelihood: LikelihoodFamily = .bernoulli
        ) {
            self.exampleShape = exampleShape
            self.latents = latents
            self.network = network
            self.likelihood = likelihood
        }

        /// The number of values in an example.
        public var dimensions: Int { exampleShape.reduce(1, *) }

        /// The choices in a phrase.
        public var summary: String {
            let sides =
                switch network {
                case .mlp(let hidden, let activation): "fully connected \(hidden), \(activation)"
                case .gated(let hidden): "gated layers \(hidden)"
                case .convolutional(let channels, let features):
                    "convolutions \(channels) and \(features) features"
                }
            let density =
                switch likelihood {
                case .bernoulli: "Bernoulli likelihood"
                case .gaussian(let variance): "Gaussian likelihood with variance \(variance)"
                }
            return "\(latents) latents, \(sides), \(density)"
        }

        /// Checks that the choices describe a model.
        ///
        /// - Throws: `ModelsError.invalid` with the field, its value and what is allowed.
        public func validate() throws {
            func require(_ holds: Bool, _ field: String, _ value: Any, _ allowed: String) throws {
                guard holds else {
                    throw ModelsError.invalid(field: field, value: "\(value)", allowed: allowed)
                }
            }
            try require(
                [1, 3].contains(exampleShape.count) && exampleShape.allSatisfy { $0 > 0 }, "exampleShape",
                exampleShape,
                "[values] or [channels, height, width], all positive")
            try require((1...65_536).contains(latents), "latents", latents, "1 to 65536")
            try require(!network.widths.isEmpty, "network", network.widths, "at least one hidden layer")
            try require(
                network.widths.allSatisfy { (1...65_536).contains($0) }, "network", network.widths,
                "widths from 1 to 65536")
            if case .convolutional(let channels, _) = network {
                try require(!channels.isEmpty, "network", channels, "at least one stage of channels")
                try require(
                    exampleShape.count == 3, "network", "convolutional",
                    "mlp for examples that are not images")
                let smallest = exampleShape.count == 3 ? min(exampleShape[1], exampleShape[2]) : 0
                try require(
                    smallest >> channels.count >= 1, "network", channels,
                    "fewer stages: each halves the image, whose smaller side is \(smallest)")
            }
            if case .gaussian(let variance) = likelihood {
                // The precision 1/σ² must be a float32 as well.
                try require(
                    variance >= 1e-30 && variance <= 1e30, "variance", variance, "a number from 1e-30 to 1e30"
                )
            }
        }
    }

    /// The networks of encoder and decoder, mirrored.
    public enum Network: Codable, Sendable, Equatable {
        /// Fully connected hidden layers, from the data inwards.
        case mlp(hidden: [Int], activation: Activation = .relu)
        /// 4×4 convolutions of stride 2 with these channels, then one fully connected layer.
        case convolutional(channels: [Int], features: Int)
        /// Fully connected layers gated by a sigmoid. Source: Tomczak, Welling 2018, arXiv:1705.07120.
        case gated(hidden: [Int])

        var widths: [Int] {
            switch self {
            case .mlp(let hidden, _), .gated(let hidden): hidden
            case .convolutional(let channels, let features): channels + [features]
            }
        }
    }

    /// The family of p(x | z).
    public enum LikelihoodFamily: Codable, Sendable, Equatable {
        /// Binary elements; on grey values a loss.
        case bernoulli
        /// Real elements with one fixed σ².
        case gaussian(variance: Double)
    }
}

/// What a user's choice of model can get wrong.
public enum ModelsError: Error, Equatable, CustomStringConvertible {
    /// A field of a configuration is out of its range.
    case invalid(field: String, value: String, allowed: String)

    /// One line: field, value, what is allowed.
    public var description: String {
        switch self {
        case .invalid(let field, let value, let allowed): "\(field) is \(value); allowed: \(allowed)"
        }
    }
}
