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
        /// p(z).
        public var prior: PriorFamily
        /// q(z | x).
        public var posterior: PosteriorFamily
        /// How levels become places, under a likelihood of real numbers.
        public var dequantization: Dequantization
        /// How many classes encoder, decoder and prior are told of; 0 for none.
        public var classes: Int

        /// A configuration.
        public init(
            exampleShape: [Int], latents: Int = 20, network: Network = .mlp(hidden: [400]),
            likelihood: LikelihoodFamily = .bernoulli, prior: PriorFamily = .standard,
            posterior: PosteriorFamily = .diagonal(), dequantization: Dequantization = .none,
            classes: Int = 0
        ) {
            self.exampleShape = exampleShape
            self.latents = latents
            self.network = network
            self.likelihood = likelihood
            self.prior = prior
            self.posterior = posterior
            self.dequantization = dequantization
            self.classes = classes
        }

        /// Reads a configuration; what a file of before a choice existed lacks is as it was then.
        public init(from decoder: any Swift.Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            exampleShape = try container.decode([Int].self, forKey: .exampleShape)
            latents = try container.decode(Int.self, forKey: .latents)
            network = try container.decode(Network.self, forKey: .network)
            likelihood = try container.decode(LikelihoodFamily.self, forKey: .likelihood)
            prior = try container.decodeIfPresent(PriorFamily.self, forKey: .prior) ?? .standard
            posterior = try container.decodeIfPresent(PosteriorFamily.self, forKey: .posterior) ?? .diagonal()
            dequantization =
                try container.decodeIfPresent(Dequantization.self, forKey: .dequantization) ?? .none
            classes = try container.decodeIfPresent(Int.self, forKey: .classes) ?? 0
        }

        /// The number of values in an example.
        public var dimensions: Int { exampleShape.reduce(1, *) }

        /// The number of values that the decoder's network takes.
        var decoderInputs: Int { latents + classes }

        /// The number of values that the decoder's network gives.
        var outputs: Int {
            likelihood.outputs(forChannels: exampleShape[0]) * exampleShape.dropFirst().reduce(1, *)
        }

        /// The choices in a phrase.
        public var summary: String {
            let sides =
                switch network {
                case .mlp(let hidden, let activation): "fully connected \(hidden), \(activation)"
                case .gated(let hidden): "gated layers \(hidden)"
                case .convolutional(let channels, let features):
                    "convolutions \(channels) and \(features) features"
                case .residual(let channels, let blocks):
                    "convolutions \(channels) and \(blocks) residual block\(blocks == 1 ? "" : "s")"
                }
            let density =
                switch likelihood {
                case .bernoulli: "Bernoulli likelihood"
                case .gaussian(let variance): "Gaussian likelihood with \(variance.summary)"
                case .continuousBernoulli: "continuous Bernoulli likelihood"
                case .categorical: "categorical likelihood over levels"
                case .discretizedLogistic: "discretised logistic likelihood"
                case .discretizedGaussian: "discretised Gaussian likelihood"
                case .logisticMixture(let components): "mixture of \(components) discretised logistics"
                case .betaBinomial: "beta-binomial likelihood"
                }
            let noise = dequantization == .none ? nil : "\(dequantization.rawValue) dequantization"
            let classes = classes == 0 ? nil : "given one of \(classes) classes"
            return ["\(latents) latents", sides, density, noise, prior.summary, posterior.summary, classes]
                .compactMap { $0 }.joined(separator: ", ")
        }

        /// Checks that the choices describe a model.
        ///
        /// - Throws: `ModelsError.invalid` with the field, its value and what is allowed.
        public func validate() throws {
            try require(
                [1, 3].contains(exampleShape.count) && exampleShape.allSatisfy { $0 > 0 }, "exampleShape",
                exampleShape,
                "[values] or [channels, height, width], all positive")
            try require((1...65_536).contains(latents), "latents", latents, "1 to 65536")
            try require(!network.widths.isEmpty, "network", network.widths, "at least one hidden layer")
            try require(
                network.widths.allSatisfy { (1...65_536).contains($0) }, "network", network.widths,
                "widths from 1 to 65536")
            if let channels = network.stages {
                try require(!channels.isEmpty, "network", channels, "at least one stage of channels")
                try require(
                    exampleShape.count == 3, "network", "convolutional",
                    "mlp for examples that are not images")
                let smallest = min(exampleShape[1], exampleShape[2])
                try require(
                    smallest >> channels.count >= 1, "network", channels,
                    "fewer stages: each halves the image, whose smaller side is \(smallest)")
            }
            if case .residual(let channels, let blocks) = network {
                try ResidualNetwork(channels: channels, blocks: blocks, configuration: self).validate()
            }
            try likelihood.validate(for: exampleShape)
            try require(
                dequantization == .none || likelihood.isOfRealNumbers, "dequantization",
                dequantization.rawValue, "none with a likelihood over levels, or zeros and ones")
            try posterior.validate(forLatents: latents)
            try prior.validate(forLatents: latents, posterior: posterior)
            try require((0...65_536).contains(classes), "classes", classes, "0 (none) to 65536")
            if classes > 0 {
                try require(
                    !network.hasMap, "network", "residual", "one whose z is a vector, for a model of classes")
                try require(
                    !prior.isMadeOfPosteriors, "prior", "of posteriors, which depend on the class",
                    "another, for a model of classes")
            }
        }
    }
}
