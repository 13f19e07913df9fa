import Foundation
import Tensors

/// A Gaussian over vectors with any covariance, held by its Cholesky factor.
///
///     log N(x | μ, L Lᵀ) = −½ |L⁻¹ (x − μ)|² − Σ_d log L_dd − ½ D log 2π
public struct FullGaussian: HasVariance {
    /// μ, `[batch..., size]`.
    public let mean: Tensor
    /// L, lower triangular with a positive diagonal, `[batch..., size, size]`.
    public let factor: Tensor
    /// One outcome is a vector.
    public var eventRank: Int { 1 }

    /// `[batch..., event...]`.
    public var shape: [Int] { mean.shape }

    /// The type of an outcome's elements.
    public var dtype: DType { mean.dtype }

    /// A Gaussian from mean and Cholesky factor.
    public init(mean: Tensor, factor: Tensor) {
        self.mean = mean
        self.factor = factor
    }

    /// The diagonal of L Lᵀ, `[batch..., size]`.
    public var variance: Tensor { factor.squared().sum(along: -1) }

    private var size: Int { mean.size(along: -1) }

    private var logDiagonal: Tensor { factor.diagonal().log() }

    /// log N(x), by forward substitution.
    public func logProbability(of x: Tensor) -> Tensor {
        let whitened = factor.triangularSolve(columns(x - mean))
        let squares = rows(whitened.squared().sum(along: -2), of: x)
        return squares * -0.5 - logDiagonal.sum(along: -1) - 0.5 * Double(size) * log(2 * Double.pi)
    }

    /// Outcomes `[leading..., batch..., size]` as the columns of one matrix for each batch entry, so that a factor is
    /// used in place however many outcomes there are.
    private func columns(_ x: Tensor) -> Tensor {
        let batch = Array(mean.shape.dropLast())
        let flat = x.reshaped([-1] + batch + [size])
        return flat.permuted(Array(1...(batch.count + 1)) + [0])
    }

    /// `[batch..., outcomes]` as `[leading..., batch...]` of outcomes `x`.
    private func rows(_ values: Tensor, of x: Tensor) -> Tensor {
        let rank = values.rank
        let leading = x.rank - mean.rank
        let shape = leading > 0 ? Array(x.shape.prefix(leading)) : []
        return values.permuted([rank - 1] + Array(0..<(rank - 1))).reshaped(shape + mean.shape.dropLast())
    }
}

extension FullGaussian: Reparameterized {
    /// z = μ + L ε with ε ~ N(0, I).
    public func draw(_ leading: [Int], using generator: inout Generator) -> Draw {
        let noise = generator.normal(leading + mean.shape, dtype: mean.dtype)
        return Draw(mean + factor.matmul(noise.expanded(at: -1)).squeezed(at: -1))
    }
}

extension FullGaussian: Detachable {
    /// The Gaussian of the same numbers.
    public func withoutGradient() -> FullGaussian {
        FullGaussian(mean: mean.withoutGradient(), factor: factor.withoutGradient())
    }
}

extension FullGaussian: HasEntropy {
    /// ½ D (1 + log 2π) + Σ_d log L_dd.
    public func entropy() -> Tensor {
        logDiagonal.sum(along: -1) + 0.5 * Double(size) * (1 + log(2 * Double.pi))
    }
}

extension FullGaussian: HasClosedFormDivergence {
    /// ½ Σ_d [(Σ_dd + (μ_d − ν_d)²) / σ_d² − 1 + log σ_d²] − Σ_d log L_dd to N(ν, diag σ²).
    public func klDivergence(to other: any Distribution) -> Tensor? {
        guard let prior = other as? DiagonalGaussian, prior.eventRank == 1 else { return nil }
        let quotients = (variance + (mean - prior.mean).squared()) * (-prior.logVariance).exp()
        return (quotients + prior.logVariance - 1).sum(along: -1) * 0.5 - logDiagonal.sum(along: -1)
    }
}
