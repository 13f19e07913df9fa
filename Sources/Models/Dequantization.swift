import Bounds
import Layers
import Probability
import Tensors

/// How 8-bit levels become real values, so that a density gives a likelihood of the levels.
public enum Dequantization: String, Codable, Sendable, CaseIterable {
    /// None: the data are real numbers.
    case none
    /// Noise of equal density within each level's bin.
    case uniform
    /// Noise whose density a network chooses for each example, which brings the bound closer.
    case variational
}

/// q(u | x), the noise in each level's bin: a latent whose prior is uniform.
///
/// A density p over places (k + u) / 256 gives the bound
///
///     log P(x) ≥ E_q[log p(x + u) − D log 256] − KL(q(u | x) ‖ U[0, 1))
///
/// Source: Ho, Chen, Srinivas, Duan, Abbeel 2019, "Flow++", section 3.1, arXiv:1902.00275.
final class Dequantizer: Module {
    private let network: Sequential?
    private let exampleShape: [Int]

    /// A dequantizer, or none for data of real numbers.
    init?(_ kind: Dequantization, exampleShape: [Int], using generator: inout Generator) {
        self.exampleShape = exampleShape
        switch kind {
        case .none: return nil
        case .uniform: network = nil
        case .variational: network = Self.network(for: exampleShape, using: &generator)
        }
    }

    /// Shifts what a walk asks p(x | z) about from levels to values between them.
    func shift(_ walk: Walk) {
        walk.dequantize { x in
            network.map { noise(for: x, $0) }
                ?? UniformNoise(shape: x.shape, eventRank: exampleShape.count, dtype: x.dtype)
        }
    }

    /// σ of a Gaussian, kept off the ends of the bin, which are outside it in float32.
    private func noise(for x: Tensor, _ network: Sequential) -> any Reparameterized {
        let parameters = network(x * 2 - 1).flattened(from: 1).gaussianParameters(logVarianceLimit: 3)
        let gaussian = DiagonalGaussian(
            mean: parameters.mean.reshaped(x.shape),
            // σ² = e: nearly uniform to begin with.
            logVariance: parameters.logVariance.reshaped(x.shape) + 1, eventRank: exampleShape.count)
        return TransformedDistribution(gaussian, by: Logit(margin: -1e-5, eventRank: exampleShape.count))
    }

    private static func network(for shape: [Int], using generator: inout Generator) -> Sequential {
        guard shape.count == 3 else {
            let size = shape.reduce(1, *)
            return Sequential([
                Flatten(), Linear(inputs: size, outputs: 64, activation: .relu, using: &generator),
                Linear(inputs: 64, outputs: 2 * size, using: &generator),
            ])
        }
        return Sequential([
            Conv2d(
                inputs: shape[0], outputs: 32, kernelSize: 3, padding: 1, activation: .relu, using: &generator
            ),
            Conv2d(inputs: 32, outputs: 2 * shape[0], kernelSize: 3, padding: 1, using: &generator),
        ])
    }
}
