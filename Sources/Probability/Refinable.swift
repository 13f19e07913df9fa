import Tensors

/// A distribution given by tensors that may take any value, so that an optimiser can move them.
public protocol Refinable: Reparameterized {
    /// The free parameters, `[batch..., ...]` each.
    var parameters: [Tensor] { get }

    /// The distribution of the same family with other parameters, of the same shapes.
    func with(_ parameters: [Tensor]) -> Self
}

extension DiagonalGaussian: Refinable {
    /// μ and log σ² of each element.
    public var parameters: [Tensor] { [mean, logVariance.broadcast(to: mean.shape)] }

    /// The Gaussian of other means and log-variances.
    public func with(_ parameters: [Tensor]) -> DiagonalGaussian {
        DiagonalGaussian(mean: parameters[0], logVariance: parameters[1], eventRank: eventRank)
    }
}

extension FullGaussian: Refinable {
    /// μ, L below its diagonal, and the logarithms on it.
    public var parameters: [Tensor] {
        [mean, factor.lowerTriangle(diagonal: -1), factor.diagonal().log()]
    }

    /// The Gaussian of another mean and factor.
    public func with(_ parameters: [Tensor]) -> FullGaussian {
        FullGaussian(
            mean: parameters[0],
            factor: parameters[1].lowerTriangle(diagonal: -1) + parameters[2].exp().diagonalMatrix())
    }
}

extension LowRankGaussian: Refinable {
    /// μ, log σ² and V.
    public var parameters: [Tensor] { [mean, logVariance, directions] }

    /// The Gaussian of another mean, other log-variances and directions.
    public func with(_ parameters: [Tensor]) -> LowRankGaussian {
        LowRankGaussian(mean: parameters[0], logVariance: parameters[1], directions: parameters[2])
    }
}
