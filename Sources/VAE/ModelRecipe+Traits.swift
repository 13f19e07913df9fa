import Bounds
import Models

extension ModelRecipe {
    /// What an objective or a gradient estimator may ask of the model's latents.
    public var posteriorTraits: Set<PosteriorTrait> {
        guard case .gaussianVAE(let configuration) = self, configuration.prior != .none else { return [] }
        var traits: Set<PosteriorTrait> = [.hasPrior]
        switch configuration.posterior {
        case .diagonal, .isotropic:
            traits.formUnion([.isKnownEverywhere, .isDetachable, .hasIndependentUnits])
        case .full, .lowRank: traits.formUnion([.isKnownEverywhere, .isDetachable])
        case .autoregressive: traits.insert(.isKnownEverywhere)
        case .planar, .radial, .sylvester, .deterministic: break
        }
        if configuration.dequantization == .variational { traits.remove(.isDetachable) }
        let isGaussianPrior = configuration.prior == .standard || configuration.prior == .learned
        if traits.contains(.hasIndependentUnits), isGaussianPrior { traits.insert(.hasUnitRates) }
        if configuration.dequantization == .none, configuration.likelihood != .gaussian(variance: .optimal) {
            traits.insert(.hasIndependentDraws)
        }
        return traits
    }
}
