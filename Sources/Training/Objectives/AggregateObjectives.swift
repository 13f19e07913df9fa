import Bounds
import Settings
import Tensors

extension TotalCorrelation: RegularizerRecipe {
    /// Its name.
    public static let kind = "total-correlation"
    /// Its line in the help.
    public static let help = "Presses the units of z to be independent."
    /// Its settings.
    public static var settings: [Setting<TotalCorrelation>] {
        [
            ObjectiveLimits.weight(\.weight),
            .choice(
                "sampling", \.sampling,
                .option("tc-sampling", help: "How a batch stands for all examples.")),
        ]
    }

    /// The choice, with a weight of 6.
    public init() { self.init(weight: 6) }

    /// The choice in a phrase.
    public var summary: String { "total correlation weighed by \(weight)" }
    /// The units' densities are known apart.
    public var needs: Set<LatentTrait> { [.hasIndependentUnits] }
}

extension ObjectiveRecipe where Self == TotalCorrelation {
    /// The total correlation weighs β.
    public static func totalCorrelation(_ correlation: TotalCorrelation) -> TotalCorrelation { correlation }
}

extension MeanDiscrepancy: RegularizerRecipe {
    /// Its name.
    public static let kind = "mmd"
    /// Its line in the help.
    public static let help =
        "The discrepancy of all codes from the prior: InfoVAE and the Wasserstein autoencoder."
    /// Its settings.
    public static var settings: [Setting<MeanDiscrepancy>] {
        [
            ObjectiveLimits.weight(\.weight),
            .number(
                "rateWeight", \.rateWeight, in: ObjectiveLimits.weight,
                .option(
                    "mmd-rate-weight",
                    help: "The weight of the rate beside mmd; 0 is the Wasserstein autoencoder.")),
            .choice(
                "kernel", \.kernel, .option("mmd-kernel", help: "How the nearness of two z is measured.")),
        ]
    }

    /// The choice, with a weight of 10 and no rate.
    public init() { self.init(weight: 10, rateWeight: 0) }

    /// The choice in a phrase.
    public var summary: String { "discrepancy from the prior weighed by \(weight), rate by \(rateWeight)" }
    /// There is a prior.
    public var needs: Set<LatentTrait> { [.hasPrior] }
}

extension ObjectiveRecipe where Self == MeanDiscrepancy {
    /// The discrepancy of aggregated posterior and prior.
    public static func meanDiscrepancy(_ discrepancy: MeanDiscrepancy) -> MeanDiscrepancy { discrepancy }
}

/// The covariance of the posterior means is pressed to the identity.
public struct PriorOfMeansRecipe: RegularizerRecipe {
    /// The weight of the covariance.
    public var weight: Double

    /// Its name.
    public static let kind = "dip-i"
    /// Its line in the help.
    public static let help = "The covariance of the posterior means."
    /// Its settings.
    public static var settings: [Setting<PriorOfMeansRecipe>] { [ObjectiveLimits.weight(\.weight)] }

    /// The choice, with a weight of 10.
    public init() { self.init(weight: 10) }

    /// A weight of the covariance.
    public init(weight: Double) { self.weight = weight }

    /// The covariance.
    var regularizer: any Regularizer { DisentangledPrior(weight: weight, form: .means) }
    /// The choice in a phrase.
    public var summary: String { "covariance of the posterior means weighed by \(weight)" }
    /// Means and variances are known.
    public var needs: Set<LatentTrait> { [.hasIndependentUnits] }
}

extension ObjectiveRecipe where Self == PriorOfMeansRecipe {
    /// The covariance of the posterior means is pressed to the identity.
    public static func dipI(weight: Double) -> PriorOfMeansRecipe { PriorOfMeansRecipe(weight: weight) }
}

/// The covariance of z over all examples is pressed to the identity.
public struct PriorOfDrawsRecipe: RegularizerRecipe {
    /// The weight of the covariance.
    public var weight: Double

    /// Its name.
    public static let kind = "dip-ii"
    /// Its line in the help.
    public static let help = "The covariance of z over all examples."
    /// Its settings.
    public static var settings: [Setting<PriorOfDrawsRecipe>] { [ObjectiveLimits.weight(\.weight)] }

    /// The choice, with a weight of 10.
    public init() { self.init(weight: 10) }

    /// A weight of the covariance.
    public init(weight: Double) { self.weight = weight }

    /// The covariance.
    var regularizer: any Regularizer { DisentangledPrior(weight: weight, form: .draws) }
    /// The choice in a phrase.
    public var summary: String { "covariance of the latents weighed by \(weight)" }
    /// Means and variances are known.
    public var needs: Set<LatentTrait> { [.hasIndependentUnits] }
}

extension ObjectiveRecipe where Self == PriorOfDrawsRecipe {
    /// The covariance of z over all examples is pressed to the identity.
    public static func dipII(weight: Double) -> PriorOfDrawsRecipe { PriorOfDrawsRecipe(weight: weight) }
}

extension FactorLoss.Settings: ObjectiveRecipe {
    /// Its name.
    public static let kind = "factor"
    /// Its line in the help.
    public static let help =
        "Presses the units of z to be independent, by a network that learns to tell z from permuted units."
    /// Its settings.
    public static var settings: [Setting<FactorLoss.Settings>] {
        [
            .number(
                "gamma", \.weight, in: ObjectiveLimits.weight,
                .option("gamma", help: "The weight of the total correlation.")),
            .integers(
                "hidden", \.hidden, in: 1...65_536,
                .option(
                    "discriminator-hidden",
                    help: "Widths of the network of factor; the paper has 1000 six times."
                )),
            .number(
                "learningRate", \.learningRate, in: TrainingSettings.learningRates,
                .option("discriminator-learning-rate", help: "The step length of the network of factor.")),
        ]
    }

    /// The choice, with a weight of 10.
    public init() { self.init(weight: 10) }

    /// The loss, whose network knows nothing yet.
    public func make(_ context: inout ObjectiveContext) throws -> any Objective {
        FactorLoss(
            self, warmUp: context.warmUp, units: try context.units(), using: &context.generator)
    }

    /// The choice in a phrase.
    public var summary: String { "total correlation by a discriminator weighed by \(weight)" }
    /// There is a rate.
    public var needs: Set<LatentTrait> { [.hasPrior] }
}

extension ObjectiveRecipe where Self == FactorLoss.Settings {
    /// The total correlation, as told by a network that learns along, weighs 1 + γ.
    public static func factor(_ settings: FactorLoss.Settings) -> FactorLoss.Settings { settings }
}
