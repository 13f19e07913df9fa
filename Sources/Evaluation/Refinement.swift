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
/// An example keeps the better one of start and end, by the ELBO over a hundred draws of z that both make of the same
/// noise: if refinement lowers the ELBO, or leads to what is no number, the encoder's posterior is kept.
/// Bounds that are measured afterwards, from other draws, know nothing of this choice and are not biased by it.
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
    /// The step length at the beginning; `nil` for the rule's own.
    public var learningRate: Double?

    /// Which update of the parameters; none pulls them to zero.
    public enum Rule: String, Sendable, CaseIterable {
        /// Adam.
        case adam
        /// Adam with the infinity norm.
        case adamax
        /// Gradient descent with momentum 0.9.
        case sgd

        /// The step length at the beginning, unless another is asked for.
        ///
        /// One of gradient descent is in the units of the bound's curvature, which rules that divide by the gradient's
        /// size know nothing of: on models of digits with a hundred steps 0.003 gains what Adam's 0.03 does, a third of
        /// it and three times as much hardly less.
        public var learningRate: Double {
            switch self {
            case .adam, .adamax: 0.03
            case .sgd: 0.003
            }
        }

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
    ///   - noise: Draws z.
    /// - Returns: For each example the better one of the start and what was found.
    package func refined<Posterior: Refinable>(
        _ start: Posterior, for joint: LatentJoint, using noise: Generator
    ) -> Posterior {
        let variables = Variables(start)
        let state = ModuleState(variables)
        let rule = optimizer.make(for: state)
        let learningRate = learningRate ?? optimizer.learningRate
        for step in 0..<steps {
            let gradients = state.valueWithGradients {
                loss(
                    of: joint.trace(
                        start.with(variables.values), samples: samples,
                        using: noise.child(UInt64(step))))
            }.gradients
            rule.step(
                gradients: gradients, learningRate: learningRate * (1 - Double(step) / Double(steps)))
        }
        return better(
            of: start, start.with(variables.values), for: joint, using: noise.child(named: "comparison"))
    }

    /// Draws of z for each example by which start and end are compared.
    private static let comparisonSamples = 100

    /// For each example the end, unless its ELBO is lower than the start's or no number.
    private func better<Posterior: Refinable>(
        of start: Posterior, _ end: Posterior, for joint: LatentJoint, using noise: Generator
    ) -> Posterior {
        withoutGradients {
            // The same noise for both, so that little of it is left in which one is better.
            let samples = Self.comparisonSamples
            let before = joint.weights(of: start, samples: samples, using: noise).meanOfLogs
            let after = joint.weights(of: end, samples: samples, using: noise).meanOfLogs
            let isBetter = after.isFinite() .& (after .> before)
            return end.with(
                zip(start.parameters, end.parameters).map { own, found in
                    let mask = isBetter.reshaped(
                        isBetter.shape + Array(repeating: 1, count: found.rank - isBetter.rank))
                    return own.replacing(with: found, where: mask)
                })
        }
    }

    /// The sum of −ELBO, as the examples do not share what is learnt.
    private func loss(of trace: Trace) -> Tensor {
        if trace.latents.allSatisfy(\.value.requiresGradient) { return -trace.bound.elbo.sum() }
        let byScore = NegativeMultiSampleBound(
            .elbo, estimator: .scoreFunction(samples > 1 ? .leaveOneOut : .none))
        return byScore.loss(of: trace, at: Moment()) * Double(trace.count)
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
