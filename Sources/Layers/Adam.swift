import Tensors

/// Adam and AdamW: steps scaled by running moments of the gradient, in one fused sweep over memory.
///
///     m = β₁ m + (1 − β₁) g        v = β₂ v + (1 − β₂) g²
///     θ = θ − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
///
/// A weight decay w is added to the gradient (g + w θ); where it is decoupled (AdamW), θ shrinks by η w θ instead
/// and the moments do not see it.
///
/// Source: Kingma, Ba 2015, algorithm 1, arXiv:1412.6980; Loshchilov, Hutter 2019, algorithm 2, arXiv:1711.05101.
public final class Adam: Optimizer {
    /// The constants of the rule.
    public struct Settings: Codable, Hashable, Sendable {
        /// How much of the mean is kept.
        public var beta1: Double
        /// How much of the mean square is kept.
        public var beta2: Double
        /// Keeps the quotient finite.
        public var epsilon: Double
        /// The pull towards zero.
        public var weightDecay: Double
        /// Whether the pull bypasses the moments, as AdamW has it.
        public var isDecoupled: Bool

        /// Adam's published constants, without a pull.
        public init(
            beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
            isDecoupled: Bool = false
        ) {
            self.beta1 = beta1
            self.beta2 = beta2
            self.epsilon = epsilon
            self.weightDecay = weightDecay
            self.isDecoupled = isDecoupled
        }

        /// AdamW.
        public static func adamW(weightDecay: Double = 0.01) -> Settings {
            Settings(weightDecay: weightDecay, isDecoupled: true)
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
        state = OptimizerState(model, slots: ["first", "second"])
    }

    /// The step count and, per parameter, `first` (m) and `second` (v).
    public var tensors: [(key: String, tensor: Tensor)] { state.tensors }

    /// Puts back what `tensors` held.
    public func load(_ tensors: [String: Tensor]) throws(LayersError) { try state.load(tensors) }

    /// One step of the rule.
    public func step(gradients: [Tensor], learningRate: Double) {
        state.advance(gradients)
        FusedOptimizer.adam(
            state.values, gradients: gradients, first: state[0], second: state[1], step: state.stepCount,
            learningRate: learningRate, beta1: settings.beta1, beta2: settings.beta2,
            epsilon: settings.epsilon, weightDecay: settings.weightDecay, isDecoupled: settings.isDecoupled)
    }
}
