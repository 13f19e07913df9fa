import Bounds

// What objectives and gradient estimators may ask of a Gaussian VAE, part by part.

extension GaussianVAE.Configuration {
    /// What an objective or a gradient estimator may ask of the model's latents.
    public var posteriorTraits: Set<PosteriorTrait> {
        guard prior.hasDensity else { return [] }
        var traits = posterior.traits.union([.hasPrior])
        if dequantization == .variational { traits.remove(.isDetachable) }
        if traits.contains(.hasIndependentUnits), prior.hasUnitRates { traits.insert(.hasUnitRates) }
        if dequantization == .none, !likelihood.dependsOnAllDraws { traits.insert(.hasIndependentDraws) }
        return traits
    }
}

private let gaussian: Set<PosteriorTrait> = [.isKnownEverywhere, .isDetachable]

extension DiagonalPosteriorRecipe {
    /// Everything.
    public var traits: Set<PosteriorTrait> { gaussian.union([.hasIndependentUnits]) }
}

extension IsotropicPosteriorRecipe {
    /// Everything.
    public var traits: Set<PosteriorTrait> { gaussian.union([.hasIndependentUnits]) }
}

extension FullPosteriorRecipe {
    /// Everything but independent units.
    public var traits: Set<PosteriorTrait> { gaussian }
}

extension LowRankPosteriorRecipe {
    /// Everything but independent units.
    public var traits: Set<PosteriorTrait> { gaussian }
}

extension AutoregressivePosteriorRecipe {
    /// A density that is known everywhere, if slowly.
    public var traits: Set<PosteriorTrait> { [.isKnownEverywhere] }
}

extension StandardPriorRecipe {
    /// It is Gaussian.
    public var hasUnitRates: Bool { true }
}

extension LearnedPriorRecipe {
    /// It is Gaussian.
    public var hasUnitRates: Bool { true }
}
