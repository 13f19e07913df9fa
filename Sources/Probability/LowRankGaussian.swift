import Foundation
import Tensors

/// A Gaussian over vectors whose covariance is diagonal but for a few directions.
///
///     Σ = diag(σ²) + V Vᵀ
///
/// Densities go through the small matrix C = I + Vᵀ diag(σ⁻²) V (Woodbury's identity).
///
/// Source: Rezende, Mohamed, Wierstra 2014, section 4.3, arXiv:1401.4082, for one direction.
public struct LowRankGaussian: HasVariance {
    /// μ, `[batch..., size]`.
    public let mean: Tensor
    /// log σ², `[batch..., size]`.
    public let logVariance: Tensor
    /// V, `[batch..., size, rank]`.
    public let directions: Tensor
    /// One outcome is a vector.
    public var eventRank: Int { 1 }

    /// `[batch..., event...]`.
    public var shape: [Int] { mean.shape }

    /// The type of an outcome's elements.
    public var dtype: DType { mean.dtype }

    /// A Gaussian from mean, log-variance and directions.
    public init(mean: Tensor, logVariance: Tensor, directions: Tensor) {
        self.mean = mean
        self.logVariance = logVariance
        self.directions = directions
    }

    /// The diagonal of Σ, `[batch..., size]`.
    public var variance: Tensor { logVariance.exp() + directions.squared().sum(along: -1) }

    private var size: Int { mean.size(along: -1) }

    /// diag(σ⁻¹) V.
    private var whitenedDirections: Tensor { directions * (logVariance * -0.5).exp().expanded(at: -1) }

    /// The Cholesky factor of C.
    private func capacitanceFactor(_ whitened: Tensor) -> Tensor {
        let identity = Tensor.identity(whitened.size(along: -1), dtype: mean.dtype)
        return (whitened.transposed().matmul(whitened) + identity).choleskyOrNaN()
    }

    /// log |Σ| = Σ_d log σ_d² + log |C|.
    private func logDeterminant(_ capacitanceFactor: Tensor) -> Tensor {
        logVariance.sum(along: -1) + capacitanceFactor.diagonal().log().sum(along: -1) * 2
    }

    /// log N(x | μ, Σ).
    public func logProbability(of x: Tensor) -> Tensor {
        let whitened = whitenedDirections
        let capacitance = capacitanceFactor(whitened)
        let residual = (x - mean) * (logVariance * -0.5).exp()
        let projected = whitened.transposed().matmul(residual.expanded(at: -1))
        let explained = capacitance.triangularSolve(projected).squared().sum(along: -1, -2)
        let squares = residual.squared().sum(along: -1) - explained
        return (squares + logDeterminant(capacitance) + Double(size) * log(2 * Double.pi)) * -0.5
    }
}

extension LowRankGaussian: Reparameterized {
    /// z = μ + σ ε + V η with ε, η ~ N(0, I).
    public func draw(_ leading: [Int], using generator: inout Generator) -> Draw {
        let noise = generator.normal(leading + mean.shape, dtype: mean.dtype)
        let rank = directions.size(along: -1)
        let along = generator.normal(leading + mean.shape.dropLast() + [rank], dtype: mean.dtype)
        let moved = directions.matmul(along.expanded(at: -1)).squeezed(at: -1)
        return Draw(mean.gaussianDraw(logVariance: logVariance, noise: noise) + moved)
    }
}

extension LowRankGaussian: Detachable {
    /// The Gaussian of the same numbers.
    public func withoutGradient() -> LowRankGaussian {
        LowRankGaussian(
            mean: mean.withoutGradient(), logVariance: logVariance.withoutGradient(),
            directions: directions.withoutGradient())
    }
}

extension LowRankGaussian: HasEntropy {
    /// ½ [D (1 + log 2π) + log |Σ|].
    public func entropy() -> Tensor {
        (logDeterminant(capacitanceFactor(whitenedDirections)) + Double(size) * (1 + log(2 * Double.pi)))
            * 0.5
    }
}

extension LowRankGaussian: HasClosedFormDivergence {
    /// ½ [Σ_d ((Σ_dd + (μ_d − ν_d)²) / τ_d² − 1 + log τ_d²) − log |Σ|] to N(ν, diag τ²).
    public func klDivergence(to other: any Distribution) -> Tensor? {
        guard let prior = other as? DiagonalGaussian, prior.eventRank == 1 else { return nil }
        let quotients = (variance + (mean - prior.mean).squared()) * (-prior.logVariance).exp()
        let own = logDeterminant(capacitanceFactor(whitenedDirections))
        return ((quotients + prior.logVariance - 1).sum(along: -1) - own) * 0.5
    }
}
