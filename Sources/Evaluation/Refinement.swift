import Bounds
import Layers
import Probability
import Tensors

/// The inner one of two loops: each example's own parameters of q(z | x), improved from where the encoder puts them, with
/// the decoder as it is.
///
///     max_λ E_q[log p(x | z)] − KL(q_λ(z) ‖ p(z)),   λ of each example by itself
///
/// The step length falls linearly to zero, so that the noise of the draws dies out. Where draws are a function of the
/// parameters, gradients go through them; draws of discrete z are followed by the score function.
///
/// Source: Cremer, Li, Duvenaud 2018, "Inference suboptimality in variational autoencoders", arXiv:1801.03558; Kim et al.
/// 2018, "Semi-amortized variational autoencoders", arXiv:1802.02550.
public struct Refinement: Sendable {
    /// T, how many steps.
    public var steps = 100
    /// r, draws of z for each example in a step.
    public var samples = 10
    /// Which update.
    public var optimizer = Rule.adam
    /// The step length at the beginning.
    public var learningRate = 0.03

    /// Which update of the parameters; none pulls them to zero.
    public enum Rule: String, Sendable, CaseIterable {
        /// Adam.
        case adam
        /// Adam with the infinity norm.
        case adamax
        /// Gradient descent with momentum 0.9.
        case sgd

        func make(for state: ModuleState) -> any Optimizer {
            switch self {
            case .adam: Adam(state)
            case .adamax: Adamax(state)
            case .sgd: SGD(state, settings: SGD.Settings(momentum: 0.9))
            }
        }
    }

    /// The defaults.
    public init() {}

    /// The posteriors of the examples of a joint density, improved.
    ///
    /// - Parameters:
    ///   - start: The encoder's.
    ///   - joint: Of the same examples.
    ///   - generator: Draws z.
    /// - Returns: The best of the family found.
    package func refined<Posterior: Refinable>(
        _ start: Posterior, for joint: LatentJoint, using generator: inout Generator
    ) -> Posterior {
        let variables = Variables(start)
        let state = ModuleState(variables)
        let rule = optimizer.make(for: state)
        for step in 0..<steps {
            let gradients = state.valueWithGradients {
                let terms = joint.terms(
                    start.with(variables.values), samples: samples, using: &generator)
                return loss(of: terms, using: &generator)
            }.gradients
            rule.step(
                gradients: gradients, learningRate: learningRate * (1 - Double(step) / Double(steps)))
        }
        return start.with(variables.values)
    }

    /// The sum of −ELBO, as the examples do not share what is learnt.
    private func loss(of terms: Terms, using generator: inout Generator) -> Tensor {
        let bound = terms.bound()
        if terms.latents.allSatisfy(\.draw.value.requiresGradient) { return -bound.elbo.sum() }
        let byScore = NegativeMultiSampleBound(
            .elbo, estimator: .scoreFunction(samples > 1 ? .leaveOneOut : .none))
        return byScore.loss(of: terms, bound: bound, at: Moment(), using: &generator)
            * Double(bound.distortion.count)
    }
}

/// The parameters of a batch of posteriors, cut loose from the encoder.
private final class Variables: Module {
    private let parameters: [Parameter]

    init(_ start: some Refinable) {
        parameters = start.parameters.map { Parameter($0.withoutGradient().contiguous().copy()) }
    }

    var values: [Tensor] { parameters.map(\.value) }
}
