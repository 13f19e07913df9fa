import Foundation
import Tensors

/// Adamax: Adam with the largest recent gradient in place of the root mean square.
///
///     m = β₁ m + (1 − β₁) g        u = max(β₂ u, |g| + ε)
///     θ = θ − η / (1 − β₁ᵗ) · m / u
///
/// A weight decay w is added to the gradient first: g + w θ.
///
/// Source: Kingma, Ba 2015, algorithm 2, arXiv:1412.6980; ε, which keeps the quotient finite, as in PyTorch.
public final class Adamax: Optimizer {
    /// The constants of the rule.
    public struct Settings: Codable, Hashable, Sendable {
        /// How much of the mean is kept.
        public var beta1: Double
        /// How much of the largest magnitude is kept.
        public var beta2: Double
        /// Keeps the quotient finite.
        public var epsilon: Double
        /// The pull towards zero.
        public var weightDecay: Double

        /// The published constants, without a pull.
        public init(
            beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0
        ) {
            self.beta1 = beta1
            self.beta2 = beta2
            self.epsilon = epsilon
            self.weightDecay = weightDecay
        }

        /// Checks the ranges.
        ///
        /// - Throws: `LayersError.setting`.
        public func validate() throws(LayersError) {
            try checkMoments(beta1: beta1, beta2: beta2, epsilon: epsilon)
            try checkWeightDecay(weightDecay)
        }
    }

    /// The constants in use.
    public let settings: Settings
    private var state: OptimizerState

    /// A fresh optimiser of a model's parameters.
    public init(_ model: ModuleState, settings: Settings = Settings()) {
        self.settings = settings
        state = OptimizerState(model, slots: ["first", "largest"])
    }

    /// The step count and, per parameter, `first` (m) and `largest` (u).
    public var tensors: [(key: String, tensor: Tensor)] { state.tensors }

    /// Puts back what `tensors` held.
    public func load(_ tensors: [String: Tensor]) throws(LayersError) { try state.load(tensors) }

    /// One step of the rule.
    public func step(gradients: [Tensor], learningRate: Double) {
        state.advance(gradients)
        let rate = learningRate / (1 - pow(settings.beta1, Double(state.stepCount)))
        for (place, value) in state.values.enumerated() {
            let decay = settings.weightDecay
            let gradient = decay == 0 ? gradients[place] : gradients[place] + value * decay
            let first = state[0][place]
            let largest = state[1][place]
            first.interpolate(towards: gradient, by: 1 - settings.beta1)
            largest.copy(from: (largest * settings.beta2).maximum(gradient.magnitude() + settings.epsilon))
            value.add(first / largest, scaledBy: -rate)
        }
    }
}
