extension GaussianVAE {
    /// The family of p(z).
    public enum PriorFamily: Codable, Sendable, Equatable {
        /// None: an autoencoder's.
        case none
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
        /// N(0, I) through masked autoregressive layers.
        case autoregressive(layers: Int, hidden: [Int])
        /// N(0, I) through spline couplings.
        case spline(layers: Int, hidden: [Int])
        /// The mixture of the posteriors of all training examples.
        case aggregated(count: Int)
    }
}

extension GaussianVAE.PriorFamily {
    /// The choice in a phrase; `nil` for the plainest.
    var summary: String? {
        switch self {
        case .none, .standard: nil
        case .learned: "learned Gaussian prior"
        case .mixture(let components): "prior of \(components) Gaussians"
        case .vamp(let components): "VampPrior of \(components) pseudo-inputs"
        case .flow(let layers, _): "flow prior of \(layers) couplings"
        case .autoregressive(let layers, _): "flow prior of \(layers) autoregressive layers"
        case .spline(let layers, _): "flow prior of \(layers) spline couplings"
        case .aggregated(let count): "prior of the posteriors of \(count) examples"
        }
    }

    /// Whether it asks the encoder for posteriors.
    var isMadeOfEncoder: Bool {
        if case .vamp = self { true } else { false }
    }

    /// Whether it is a mixture of posteriors.
    var isMadeOfPosteriors: Bool {
        if case .aggregated = self { true } else { isMadeOfEncoder }
    }

    /// Throws when the choice does not suit the size of z, or its posterior.
    func validate(forLatents latents: Int, posterior: GaussianVAE.PosteriorFamily) throws {
        try require(
            !isMadeOfEncoder || posterior.isKnownEverywhere, "prior", "vamp",
            "another, as it asks for densities of the posterior, which this one knows at its own draws only")
        switch self {
        case .standard, .learned: break
        case .none:
            try require(
                posterior == .deterministic, "prior", "none", "one, but for a deterministic posterior")
        case .mixture(let components), .vamp(let components):
            try require((1...65_536).contains(components), "components", components, "1 to 65536")
        case .aggregated(let count):
            try require(count >= 1, "aggregated posteriors", count, "at least 1")
            try require(
                posterior.isDiagonal, "posterior", "\(posterior)",
                "diagonal or isotropic with the aggregated posterior as prior")
        case .flow(let layers, let hidden), .autoregressive(let layers, let hidden),
            .spline(let layers, let hidden):
            try requireFlow("flow", layers: layers, hidden: hidden, size: ("latents", latents))
        }
    }
}
