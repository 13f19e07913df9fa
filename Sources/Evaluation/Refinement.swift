import Bounds
import Probability
import Tensors

/// The inner one of two loops: each example's own mean and log-variance of q(z | x), improved from where the encoder puts
/// them, with the decoder as it is.
///
///     max_{μ, log σ²} E_q[log p(x | z)] − KL(N(μ, diag σ²) ‖ p(z))
///
/// Adam with a step length that falls linearly to zero, so that the noise of the draws dies out.
///
/// Source: Cremer, Li, Duvenaud 2018, "Inference suboptimality in variational autoencoders", arXiv:1801.03558; Kim et al.
/// 2018, "Semi-amortized variational autoencoders", arXiv:1802.02550.
public struct Refinement: Sendable {
    /// T, how many steps.
    public var steps = 100
    /// r, draws of z for each example in a step.
    public var samples = 10
    /// Adam's step length at the beginning.
    public var learningRate = 0.03

    /// The defaults.
    public init() {}

    /// The posteriors of the examples of a joint density, improved.
    ///
    /// - Parameters:
    ///   - start: The encoder's, `[batch, latents]`.
    ///   - joint: Of the same examples.
    ///   - generator: Draws z.
    /// - Returns: The best diagonal Gaussians found.
    package func refined(
        _ start: DiagonalGaussian, for joint: LatentJoint, using generator: inout Generator
    ) -> DiagonalGaussian {
        let values = [start.mean, start.logVariance.broadcast(to: start.mean.shape)].map {
            $0.contiguous().copy()
        }
        let first = values.map(Tensor.init(zerosLike:))
        let second = values.map(Tensor.init(zerosLike:))
        for step in 0..<steps {
            // The sum, as the examples do not share what is learnt.
            let gradients = valueWithGradients(at: values) { parts in
                let posterior = DiagonalGaussian(mean: parts[0], logVariance: parts[1])
                return -joint.terms(posterior, samples: samples, using: &generator).bound().elbo.sum()
            }.gradients
            FusedOptimizer.adam(
                values, gradients: gradients, first: first, second: second, step: step + 1,
                learningRate: learningRate * (1 - Double(step) / Double(steps)), beta1: 0.9, beta2: 0.999,
                epsilon: 1e-8, weightDecay: 0, isDecoupled: false)
        }
        return DiagonalGaussian(mean: values[0], logVariance: values[1])
    }
}
