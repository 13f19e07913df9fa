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

        /// A configuration.
        public init(
            exampleShape: [Int], latents: Int = 20, network: Network = .mlp(hidden: [400]),
            likelihood: LikelihoodFamily = .bernoulli, prior: PriorFamily = .standard,
            posterior: PosteriorFamily = .diagonal()
        ) {
            self.exampleShape = exampleShape
            self.latents = latents
            self.network = network
            self.likelihood = likelihood
            self.prior = prior
            self.posterior = posterior
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
        }

        /// The number of values in an example.
        public var dimensions: Int { exampleShape.reduce(1, *) }

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
                }
            let density =
                switch likelihood {
                case .bernoulli: "Bernoulli likelihood"
                case .gaussian(let variance): "Gaussian likelihood with variance \(variance)"
                case .continuousBernoulli: "continuous Bernoulli likelihood"
                case .categorical: "categorical likelihood over levels"
                case .discretizedLogistic: "discretised logistic likelihood"
                case .discretizedGaussian: "discretised Gaussian likelihood"
                case .logisticMixture(let components): "mixture of \(components) discretised logistics"
                case .betaBinomial: "beta-binomial likelihood"
                }
            let prior =
                switch prior {
                case .standard: ""
                case .learned: ", learned Gaussian prior"
                case .mixture(let components): ", prior of \(components) Gaussians"
                case .vamp(let components): ", VampPrior of \(components) pseudo-inputs"
                case .flow(let layers, _): ", flow prior of \(layers) couplings"
                }
            let posterior =
                switch posterior {
                case .diagonal(.exp): ""
                case .diagonal(let head): ", posterior variances by \(head.rawValue)"
                case .isotropic: ", isotropic posterior"
                case .full: ", posterior with full covariance"
                case .lowRank(let directions): ", posterior with \(directions) directions of covariance"
                }
            return "\(latents) latents, \(sides), \(density)\(prior)\(posterior)"
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
            try likelihood.validate(for: exampleShape, require)
            switch posterior {
            case .diagonal, .isotropic: break
            case .full: try require(latents <= 512, "latents", latents, "at most 512 with a full covariance")
            case .lowRank(let directions):
                try require(
                    (1...latents).contains(directions), "directions", directions,
                    "1 to the size of z, \(latents)")
            }
            switch prior {
            case .standard, .learned: break
            case .mixture(let components), .vamp(let components):
                try require((1...65_536).contains(components), "components", components, "1 to 65536")
            case .flow(let layers, let hidden):
                try require((1...1000).contains(layers), "flow layers", layers, "1 to 1000")
                try require(
                    !hidden.isEmpty && hidden.allSatisfy { (1...65_536).contains($0) }, "flow widths", hidden,
                    "one or more, each from 1 to 65536")
                try require(
                    latents >= 2, "latents", latents, "at least 2 with a flow, whose couplings halve z")
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

    /// The family of p(z).
    public enum PriorFamily: Codable, Sendable, Equatable {
        /// N(0, I).
        case standard
        /// One Gaussian with learned mean and variances.
        case learned
        /// A mixture of Gaussians with learned weights, means and variances.
        case mixture(components: Int)
        /// The mixture of the posteriors of learned pseudo-inputs.
        case vamp(components: Int)
        /// N(0, I) through affine couplings, with networks of these widths in them.
        case flow(layers: Int, hidden: [Int])
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
