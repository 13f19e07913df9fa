import Bounds
import Settings
import Tensors

/// The loss that maximizes the variational Rényi bound of K draws.
///
///     L_α = 1/(1 − α) log 1/K Σ_k w_k^(1 − α)
///
/// α = 0 is the importance-weighted bound, α → 1 the ELBO; between them it covers modes more, the smaller α is.
///
/// Source: Li, Turner 2016, "Rényi divergence variational inference", eq. 13, arXiv:1602.02311.
public struct RenyiLoss: Objective, Sendable {
    /// α, below 1.
    public var alpha: Double
    /// How the weight of the rate grows.
    public var warmUp: WarmUp

    /// A loss.
    public init(alpha: Double, warmUp: WarmUp = WarmUp()) {
        self.alpha = alpha
        self.warmUp = warmUp
    }

    /// β.
    public func rateWeight(at moment: Moment) -> Double { warmUp.weight(at: moment) }

    /// Σ −L_α.
    public func sums(of trace: Trace, at moment: Moment) -> Sums {
        let logWeights = trace.logWeights(rateWeight: rateWeight(at: moment)) * (1 - alpha)
        let bound = MultiSampleBound.importanceWeighted(logWeights) / (1 - alpha)
        return Sums(examples: trace.count, ["loss": -bound.sum()])
    }
}

/// The variational Rényi bound.
public struct RenyiRecipe: ObjectiveRecipe {
    /// α.
    public var alpha: Double

    /// Its name.
    public static let kind = "renyi"
    /// Its line in the help.
    public static let help = "The variational Rényi bound: iwae at alpha 0, elbo towards 1."
    /// Its settings.
    public static var settings: [Setting<RenyiRecipe>] {
        [.number("alpha", \.alpha, in: -100...0.99, .option("alpha", help: "The order of the Rényi bound."))]
    }

    /// The choice, with α = 0.5.
    public init() { self.init(alpha: 0.5) }

    /// The choice of an order.
    public init(alpha: Double) { self.alpha = alpha }

    /// The loss.
    public func make(_ context: inout ObjectiveContext) throws -> any Objective {
        RenyiLoss(alpha: alpha, warmUp: context.warmUp)
    }

    /// The choice in a phrase.
    public var summary: String { "Rényi bound of order \(alpha)" }
    /// It is made of log weights.
    public var takesAnalyticRate: Bool { false }
    /// Free bits, in the place of the bound.
    public var collapseRemedy: String { Self.freeBitsRemedy }
}

extension ObjectiveRecipe where Self == RenyiRecipe {
    /// The variational Rényi bound.
    public static func renyi(alpha: Double) -> RenyiRecipe { RenyiRecipe(alpha: alpha) }
}
