import Tensors

/// Stochastic gradient descent, with momentum when asked.
///
///     b = μ b + g        θ = θ − η b        (Nesterov: θ = θ − η (g + μ b))
///
/// A weight decay w is added to the gradient first: g + w θ.
///
/// Source: Sutskever, Martens, Dahl, Hinton 2013, in the form of PyTorch, where η stands outside of b.
public final class SGD: Optimizer {
    /// The constants of the rule.
    public struct Settings: Codable, Hashable, Sendable {
        /// How much of the last step is kept; 0 keeps no state.
        public var momentum: Double
        /// The pull towards zero.
        public var weightDecay: Double
        /// Whether the gradient is taken, in effect, where momentum will have led.
        public var isNesterov: Bool

        /// Plain descent.
        public init(momentum: Double = 0, weightDecay: Double = 0, isNesterov: Bool = false) {
            self.momentum = momentum
            self.weightDecay = weightDecay
            self.isNesterov = isNesterov
        }

        /// Checks the ranges.
        ///
        /// - Throws: `LayersError.setting`.
        public func validate() throws(LayersError) {
            try check((0..<1).contains(momentum), "momentum", momentum, "a number from 0 to below 1")
            try check(
                !isNesterov || momentum > 0, "momentum", momentum, "a positive number with Nesterov's rule")
            try checkWeightDecay(weightDecay)
        }
    }

    /// The constants in use.
    public let settings: Settings
    private var state: OptimizerState

    /// A fresh optimiser of a model's parameters.
    public init(_ model: ModuleState, settings: Settings = Settings()) {
        self.settings = settings
        state = OptimizerState(model, slots: settings.momentum > 0 ? ["momentum"] : [])
    }

    /// The step count and, with momentum, `momentum` (b) per parameter.
    public var tensors: [(key: String, tensor: Tensor)] { state.tensors }

    /// Puts back what `tensors` held.
    public func load(_ tensors: [String: Tensor]) throws(LayersError) { try state.load(tensors) }

    /// One step of the rule.
    public func step(gradients: [Tensor], learningRate: Double) {
        state.advance(gradients)
        if settings.momentum > 0 {
            FusedOptimizer.momentum(
                state.values, gradients: gradients, momenta: state[0], learningRate: learningRate,
                momentum: settings.momentum, weightDecay: settings.weightDecay,
                isNesterov: settings.isNesterov)
        } else {
            for (value, gradient) in zip(state.values, gradients) {
                // θ − η (g + w θ), w θ first.
                if settings.weightDecay > 0 { value.multiply(by: 1 - learningRate * settings.weightDecay) }
                value.add(gradient, scaledBy: -learningRate)
            }
        }
    }
}
