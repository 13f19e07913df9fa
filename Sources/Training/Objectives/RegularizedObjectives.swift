import Bounds
import Settings
import Tensors

extension WeightedRate: RegularizerRecipe {
    /// Its name.
    public static let kind = "beta"
    /// Its line in the help.
    public static let help = "The ELBO with a weight on the rate."
    /// Its settings.
    public static var settings: [Setting<WeightedRate>] { [ObjectiveLimits.weight(\.weight)] }

    /// The choice, with a weight of 4.
    public init() { self.init(weight: 4) }

    /// The choice in a phrase.
    public var summary: String { "rate weighed by \(weight)" }
    /// A lower weight, where it is above 1.
    public var collapseRemedy: String {
        weight > 1 ? "a lower weight of the rate" : Self.freeBitsRemedy
    }
    /// There is a rate.
    public var needs: Set<LatentTrait> { [.hasPrior] }
}

extension ObjectiveRecipe where Self == WeightedRate {
    /// The rate weighs β.
    public static func beta(_ rate: WeightedRate) -> WeightedRate { rate }
}

extension CapacityTarget: RegularizerRecipe {
    /// Its name.
    public static let kind = "capacity"
    /// Its line in the help.
    public static let help = "The rate is held at a capacity that grows."
    /// Its settings.
    public static var settings: [Setting<CapacityTarget>] {
        [
            ObjectiveLimits.weight(\.weight, in: ObjectiveLimits.positiveWeight),
            .number(
                "nats", \.nats, in: ObjectiveLimits.nats,
                .option("capacity", placeholder: "nats", help: "The rate that capacity ends with.")),
            .integer(
                "epochs", \.epochs, in: 0...1_000_000,
                .option("capacity-epochs", help: "Epochs over which it grows from 0.")),
        ]
    }

    /// The choice: 25 nats after ten epochs.
    public init() { self.init(weight: 100, nats: 25, epochs: 10) }

    /// The choice in a phrase.
    public var summary: String { "rate held at \(nats) nats by \(weight)" }
    /// A larger target.
    public var collapseRemedy: String { "a higher capacity" }
    /// There is a rate.
    public var needs: Set<LatentTrait> { [.hasPrior] }
}

extension ObjectiveRecipe where Self == CapacityTarget {
    /// The rate is held at a target.
    public static func capacity(_ target: CapacityTarget) -> CapacityTarget { target }
}

extension FreeBits: RegularizerRecipe {
    /// Its name.
    public static let kind = "free-bits"
    /// Its line in the help.
    public static let help = "Only the rate above the free bits costs."
    /// Its settings.
    public static var settings: [Setting<FreeBits>] {
        [
            .number(
                "nats", \.nats, in: ObjectiveLimits.nats,
                .option("free-bits", placeholder: "nats", help: "The rate that costs nothing.")),
            .choice("scope", \.scope, .option("free-bits-per", help: "What has so many of its own.")),
        ]
    }

    /// The choice: a tenth of a nat for each unit.
    public init() { self.init(nats: 0.1, scope: .unit) }

    /// The choice in a phrase.
    public var summary: String { "\(nats) free nats for each \(scope)" }
    /// More of them.
    public var collapseRemedy: String { "more free bits" }
    /// There is a rate, of each unit if each is free.
    public var needs: Set<LatentTrait> { scope == .unit ? [.hasUnitRates] : [.hasPrior] }
}

extension ObjectiveRecipe where Self == FreeBits {
    /// A rate below a threshold is free.
    public static func freeBits(_ freeBits: FreeBits) -> FreeBits { freeBits }
}

extension LatentWidth: RegularizerRecipe {
    /// Its name.
    public static let kind = "latent-width"
    /// Its line in the help.
    public static let help = "The mean square of z, in the place of the rate."
    /// Its settings.
    public static var settings: [Setting<LatentWidth>] {
        [ObjectiveLimits.weight(\.weight, in: ObjectiveLimits.positiveWeight)]
    }

    /// The choice, with a weight of 1.
    public init() { self.init(weight: 1) }

    /// The choice in a phrase.
    public var summary: String { "squared latents weighed by \(weight)" }
    /// There is a latent.
    public var needs: Set<LatentTrait> { [.hasPrior] }
}

extension ObjectiveRecipe where Self == LatentWidth {
    /// The weight of ‖z‖².
    public static func latentWidth(_ width: LatentWidth) -> LatentWidth { width }
}
