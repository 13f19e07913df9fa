import Tensors

/// How the gradient of a bound is found from draws, where encoder φ and decoder θ meet in z.
public enum GradientEstimator: Sendable, Equatable {
    /// That of the bound, through z = f_φ(ε). Source: Kingma, Welling 2014, arXiv:1312.6114.
    case reparameterized
    /// Without the gradient of log q(z | x) at fixed z: it vanishes in expectation under the ELBO, and with it the noise
    /// where q is right. Under importance weights what is left is biased.
    ///
    /// Source: Roeder, Wu, Duvenaud 2017, "Sticking the landing", arXiv:1703.09194.
    case stickingTheLanding
    /// As above, with the weights of draws corrected so that no bias is left.
    ///
    /// Source: Tucker, Lawson, Gu, Maddison 2019, eq. 8, arXiv:1810.04152.
    case doublyReparameterized
    /// The bound times ∇ log q(z | x): asks nothing of z but its density, and pays with noise.
    ///
    /// Source: Williams 1992; Mnih, Rezende 2016, arXiv:1602.06725, for importance weights.
    case scoreFunction(Baseline)

    /// The traits of latents that it needs.
    public var needs: Set<LatentTrait> {
        switch self {
        case .reparameterized: []
        case .stickingTheLanding, .doublyReparameterized: [.hasPrior, .isDetachable]
        case .scoreFunction: [.hasPrior, .isKnownEverywhere, .dependsOnExamplesAlone]
        }
    }
}

/// What the score function's factor is measured from, which leaves its mean and lowers its noise.
public enum Baseline: String, Codable, Sendable, CaseIterable {
    /// Zero.
    case none
    /// The running mean of the bound over the steps before.
    case runningMean = "running-mean"
    /// The bound with the draw replaced by the others of its example.
    case leaveOneOut = "leave-one-out"
}

/// How much each draw counts in the three parts of a bound's gradient.
///
///     ∇F ≈ Σ_k a_k ∂_θ log w_k + d_k ∂_z log w_k ∂_φ z_k + s_k ∂_φ log q(z_k | x)
///
/// log w counts the posterior's density along z, but not along φ; what makes the prior counts as θ.
/// Shapes: `[samples, batch]` each.
struct GradientShares {
    /// a.
    let generative: Tensor
    /// d; `nil` for a.
    var path: Tensor?
    /// s; `nil` for zero.
    var score: Tensor?

    /// The shares of the draws that a resampling keeps, with the same sums in expectation; `[kept, batch]` each.
    ///
    /// Each is kept with probability w̃ in each of m places, so that its share is divided by m w̃. Of importance weights
    /// all shares have the factor w̃, and none grows by it.
    func keeping(_ resampling: Resampling) -> GradientShares {
        let expectations = resampling.kept(resampling.shares) * Double(resampling.draws.size(along: 0))
        func kept(_ share: Tensor) -> Tensor { resampling.kept(share) / expectations }
        return GradientShares(generative: kept(generative), path: path.map(kept), score: score.map(kept))
    }
}

extension GradientEstimator {
    /// The shares of draws by their log weights.
    ///
    /// With c = ∂F/∂log w and log w = log p(x | z) + β (log p(z) − log q(z | x)) the whole gradient has a = d = c and
    /// s = −β c. In E[c ∂_φ log q] a score function stands before a function of z, and becomes a path again:
    /// E[∂c/∂log w ∂_z log w ∂_φ z], which gives d = c − β ∂c/∂log w. It is w̃² for importance weights in shares w̃, and
    /// c for the ELBO.
    ///
    /// - Parameters:
    ///   - logWeights: `[samples, batch]`, without history.
    ///   - rateWeight: β.
    ///   - generative: The bound that θ follows.
    ///   - inference: The bound that φ follows.
    ///   - averageLoss: The running mean of −F.
    /// - Returns: a, d and s.
    func shares(
        of logWeights: Tensor, rateWeight: Double, generative: MultiSampleBound, inference: MultiSampleBound,
        averageLoss: Double?
    ) -> GradientShares {
        var shares = GradientShares(generative: generative.slopes(logWeights))
        let slopes = inference.slopes(logWeights)
        switch self {
        case .reparameterized: (shares.path, shares.score) = (slopes, slopes * -rateWeight)
        case .stickingTheLanding: if generative != inference { shares.path = slopes }
        case .doublyReparameterized:
            shares.path = slopes - inference.curvatures(logWeights) * rateWeight
        case .scoreFunction(let baseline):
            let credits = inference.credits(
                logWeights, baseline: baseline, average: -(averageLoss ?? 0))
            (shares.path, shares.score) = (Tensor(zerosLike: slopes), credits - slopes * rateWeight)
        }
        return shares
    }

    /// Whether it takes the posterior's density along z with the posterior held fixed.
    var detachesPosterior: Bool {
        if case .scoreFunction = self { false } else { true }
    }
}
