import Flows
import Probability
import Tensors

extension GaussianVAE {
    /// The family of q(z | x).
    public enum PosteriorFamily: Codable, Sendable, Equatable {
        /// A variance for each unit.
        case diagonal(head: VarianceHead = .exp)
        /// One variance for all units.
        case isotropic
        /// Any covariance, by its Cholesky factor.
        case full
        /// A diagonal and a few directions.
        case lowRank(directions: Int)
        /// A diagonal Gaussian through planar maps.
        case planar(layers: Int)
        /// A diagonal Gaussian through radial maps.
        case radial(layers: Int)
        /// A diagonal Gaussian through inverse autoregressive layers, with networks of these widths in them.
        case autoregressive(layers: Int, hidden: [Int])
        /// A diagonal Gaussian through Sylvester maps, each of which moves it along a few directions.
        case sylvester(layers: Int, directions: Int)
        /// All probability at one z: the autoencoder. Its density is left out of the rate, which with a prior is
        /// −log p(z).
        case deterministic
    }
}

/// What an encoder gives: draws with gradients, and a code to report.
///
/// The code is the mean of a Gaussian, and the image of its base's mean for a flow, whose mean and variances have no
/// closed form.
public typealias Posterior = Reparameterized & HasCentre

extension GaussianVAE.PosteriorFamily {
    /// How many numbers the network gives for z of a size.
    func outputs(forLatents size: Int) -> Int {
        switch self {
        case .diagonal: 2 * size
        case .isotropic: size + 1
        case .full: 2 * size + size * (size - 1) / 2
        case .lowRank(let directions): 2 * size + size * directions
        case .planar(let layers), .radial(let layers), .autoregressive(let layers, _),
            .sylvester(let layers, _):
            2 * size + layers * layerSizes(forLatents: size).reduce(0, +)
        case .deterministic: size
        }
    }

    /// q(z | x) over `[batch, size]` from what the network gives, `[batch, outputs]`.
    ///
    /// - Parameters:
    ///   - output: Of the encoder's network.
    ///   - size: Of z.
    ///   - flow: What `makeFlow` made.
    /// - Returns: The posterior.
    func distribution(_ output: Tensor, size: Int, flow: MaskedAutoregressiveFlow?) -> any Posterior {
        switch self {
        case .diagonal(let head):
            let (mean, logVariance) = head.parameters(of: output)
            return DiagonalGaussian(mean: mean, logVariance: logVariance)
        case .isotropic:
            let parts = output.split([size, 1], along: -1)
            let logVariance = VarianceHead.exp.logVariance(of: parts[1])
            return DiagonalGaussian(mean: parts[0], logVariance: logVariance.broadcast(to: parts[0].shape))
        case .full:
            let parts = output.split([2 * size, size * (size - 1) / 2], along: -1)
            let (mean, logDiagonal) = VarianceHead.exp.parameters(of: parts[0])
            return FullGaussian(
                mean: mean,
                factor: Self.belowDiagonal(parts[1], size: size) + (logDiagonal * 0.5).exp().diagonalMatrix())
        case .lowRank(let directions):
            let parts = output.split([2 * size, size * directions], along: -1)
            let (mean, logVariance) = VarianceHead.exp.parameters(of: parts[0])
            let shape = mean.shape + [directions]
            return LowRankGaussian(
                mean: mean, logVariance: logVariance, directions: parts[1].reshaped(shape))
        case .planar, .radial, .autoregressive, .sylvester:
            return flowDistribution(output, size: size, flow: flow)
        case .deterministic: return PointMass(at: output, eventRank: 1)
        }
    }

    /// A matrix with given elements below the diagonal, row by row, and zeros elsewhere.
    private static func belowDiagonal(_ elements: Tensor, size: Int) -> Tensor {
        // The place behind the last element holds a zero.
        var places = [Int](repeating: elements.size(along: -1), count: size * size)
        var next = 0
        for row in 0..<size {
            for column in 0..<row {
                places[row * size + column] = next
                next += 1
            }
        }
        let zero = Tensor.zeros(elements.shape.dropLast() + [1], dtype: elements.dtype)
        return Tensor.concatenated([elements, zero], along: -1)
            .gathering(Tensor(places, shape: [size * size]), along: -1)
            .reshaped(elements.shape.dropLast() + [size, size])
    }
}
