/// What an objective or a gradient estimator asks of a model's latents, and not every model has.
public enum LatentTrait: String, Sendable, CaseIterable {
    /// There is a latent with a prior.
    case hasPrior
    /// log q(z | x) is known at every z.
    case isKnownEverywhere
    /// The posterior depends on the examples alone, not on draws of other latents.
    case dependsOnExamplesAlone
    /// log q(z | x) is known while z moves and the posterior is held fixed, and depends on the examples alone.
    case isDetachable
    /// Units are independent given x.
    case hasIndependentUnits
    /// Each unit's rate has a closed form.
    case hasUnitRates
    /// The density of a draw depends on that draw alone, not on noise of the examples or a variance found from all.
    case hasIndependentDraws

    /// Which models have it, for a person to choose one.
    public var owners: String {
        switch self {
        case .hasPrior: "a VAE with a prior"
        case .isKnownEverywhere:
            "a VAE whose posterior is diagonal, isotropic, full, low-rank or autoregressive"
        case .dependsOnExamplesAlone: "a VAE with one level of latents"
        case .isDetachable:
            "a VAE whose posterior is diagonal, isotropic, full or low-rank and depends on x alone, without variational dequantization"
        case .hasIndependentUnits: "a VAE whose posterior is diagonal or isotropic and depends on x alone"
        case .hasUnitRates:
            "a VAE whose posterior is diagonal or isotropic, with a Gaussian prior"
        case .hasIndependentDraws:
            "a VAE with a prior, without dequantization and without an optimal variance"
        }
    }
}
