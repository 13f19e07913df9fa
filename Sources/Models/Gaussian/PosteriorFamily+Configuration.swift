// What a configuration asks of a posterior.
extension GaussianVAE.PosteriorFamily {
    /// Whether log q(z | x) is known at every z, and at once: an autoregressive posterior takes a pass for each unit.
    var isKnownEverywhere: Bool {
        switch self {
        case .diagonal, .isotropic, .full, .lowRank: true
        case .planar, .radial, .autoregressive, .sylvester, .deterministic: false
        }
    }

    /// Whether it is a Gaussian whose units are independent.
    var isDiagonal: Bool {
        switch self {
        case .diagonal, .isotropic: true
        default: false
        }
    }

    /// The choice in a phrase; `nil` for the plainest.
    var summary: String? {
        switch self {
        case .diagonal(.exp): nil
        case .diagonal(let head): "posterior variances by \(head.rawValue)"
        case .isotropic: "isotropic posterior"
        case .full: "posterior with full covariance"
        case .lowRank(let directions): "posterior with \(directions) directions of covariance"
        case .deterministic: "deterministic encoder"
        case .planar(let layers): "posterior through \(layers) planar maps"
        case .radial(let layers): "posterior through \(layers) radial maps"
        case .autoregressive(let layers, _): "posterior through \(layers) inverse autoregressive layers"
        case .sylvester(let layers, let directions):
            "posterior through \(layers) Sylvester maps of \(directions) directions"
        }
    }

    /// Throws when the choice does not suit the size of z.
    func validate(forLatents latents: Int) throws {
        switch self {
        case .diagonal, .isotropic, .deterministic: break
        case .full: try require(latents <= 512, "latents", latents, "at most 512 with a full covariance")
        case .planar(let layers), .radial(let layers): try requireFlow("posterior", layers: layers)
        case .autoregressive(let layers, let hidden):
            try requireFlow("posterior", layers: layers, hidden: hidden, size: ("latents", latents))
        case .lowRank(let directions): try requireDirections(directions)
        case .sylvester(let layers, let directions):
            try requireFlow("posterior", layers: layers)
            try requireDirections(directions)
        }

        func requireDirections(_ directions: Int) throws {
            try require(
                (1...latents).contains(directions), "directions", directions,
                "1 to the size of z, \(latents)")
        }
    }
}
