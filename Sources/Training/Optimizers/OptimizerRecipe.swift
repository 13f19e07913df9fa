import Layers
import Settings

/// The settings of an optimiser, and how it is made of them.
///
/// A package adds optimisers of its own by `TrainingSettings.optimizers.register(_:)`.
public protocol OptimizerRecipe: Choice {
    /// A fresh optimiser of a model's parameters.
    func make(for state: ModuleState) -> any Optimizer
}

extension TrainingSettings {
    /// The optimisers by name.
    public static let optimizers = Registry<any OptimizerRecipe.Type>(
        "optimizer", [SGDRecipe.self, AdamRecipe.self, AdamWRecipe.self, AdamaxRecipe.self])
}

/// Stochastic gradient descent with momentum.
public struct SGDRecipe: OptimizerRecipe {
    /// How much of the last step is kept.
    public var momentum = 0.9

    /// Its name.
    public static let kind = "sgd"
    /// Its line in the help.
    public static let help = "Stochastic gradient descent with momentum."
    /// Its settings.
    public static var settings: [Setting<SGDRecipe>] {
        [
            .number(
                "momentum", \.momentum, in: 0..<1,
                .option("momentum", help: "How much of the last step sgd keeps."))
        ]
    }

    /// The choice.
    public init() {}

    /// The optimiser.
    public func make(for state: ModuleState) -> any Optimizer {
        SGD(state, settings: SGD.Settings(momentum: momentum))
    }
}

/// Adam.
public struct AdamRecipe: OptimizerRecipe {
    /// How much of the mean is kept.
    public var beta1 = 0.9
    /// How much of the mean square is kept.
    public var beta2 = 0.999
    /// Keeps the quotient finite.
    public var epsilon = 1e-8

    /// Its name.
    public static let kind = "adam"
    /// Its line in the help.
    public static let help = "Adam."
    /// Its settings.
    public static var settings: [Setting<AdamRecipe>] { Moments.settings(\.beta1, \.beta2, \.epsilon) }

    /// The choice, with the published constants.
    public init() {}

    /// The optimiser.
    public func make(for state: ModuleState) -> any Optimizer {
        Adam(state, settings: Adam.Settings(beta1: beta1, beta2: beta2, epsilon: epsilon))
    }
}

/// Adam with decoupled weight decay.
public struct AdamWRecipe: OptimizerRecipe {
    /// How much of the mean is kept.
    public var beta1 = 0.9
    /// How much of the mean square is kept.
    public var beta2 = 0.999
    /// Keeps the quotient finite.
    public var epsilon = 1e-8
    /// The pull towards zero.
    public var weightDecay = 0.01

    /// Its name.
    public static let kind = "adamw"
    /// Its line in the help.
    public static let help = "Adam with decoupled weight decay."
    /// Its settings.
    public static var settings: [Setting<AdamWRecipe>] {
        Moments.settings(\.beta1, \.beta2, \.epsilon) + [
            .number(
                "weightDecay", \.weightDecay, in: 0...1e3,
                .option("weight-decay", help: "The pull towards zero of adamw."))
        ]
    }

    /// The choice, with the published constants.
    public init() {}

    /// The optimiser.
    public func make(for state: ModuleState) -> any Optimizer {
        Adam(
            state,
            settings: Adam.Settings(
                beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, isDecoupled: true))
    }
}

/// Adam with the infinity norm.
public struct AdamaxRecipe: OptimizerRecipe {
    /// How much of the mean is kept.
    public var beta1 = 0.9
    /// How much of the norm is kept.
    public var beta2 = 0.999
    /// Keeps the quotient finite.
    public var epsilon = 1e-8

    /// Its name.
    public static let kind = "adamax"
    /// Its line in the help.
    public static let help = "Adam with the infinity norm."
    /// Its settings.
    public static var settings: [Setting<AdamaxRecipe>] { Moments.settings(\.beta1, \.beta2, \.epsilon) }

    /// The choice, with the published constants.
    public init() {}

    /// The optimiser.
    public func make(for state: ModuleState) -> any Optimizer {
        Adamax(state, settings: Adamax.Settings(beta1: beta1, beta2: beta2, epsilon: epsilon))
    }
}

extension OptimizerRecipe where Self == SGDRecipe {
    /// Stochastic gradient descent with momentum.
    public static var sgd: SGDRecipe { SGDRecipe() }
}

extension OptimizerRecipe where Self == AdamRecipe {
    /// Adam.
    public static var adam: AdamRecipe { AdamRecipe() }
}

extension OptimizerRecipe where Self == AdamWRecipe {
    /// Adam with decoupled weight decay.
    public static var adamw: AdamWRecipe { AdamWRecipe() }
}

extension OptimizerRecipe where Self == AdamaxRecipe {
    /// Adam with the infinity norm.
    public static var adamax: AdamaxRecipe { AdamaxRecipe() }
}

/// The constants of running moments, which only a file sets.
private enum Moments {
    static func settings<Root: Configurable>(
        _ beta1: WritableKeyPath<Root, Double> & Sendable, _ beta2: WritableKeyPath<Root, Double> & Sendable,
        _ epsilon: WritableKeyPath<Root, Double> & Sendable
    ) -> [Setting<Root>] {
        [
            .number("beta1", beta1, in: 0..<1), .number("beta2", beta2, in: 0..<1),
            .number("epsilon", epsilon, in: 1e-30...1),
        ]
    }
}
