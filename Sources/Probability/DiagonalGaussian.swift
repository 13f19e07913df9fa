import Foundation
import Tensors

/// A Gaussian whose elements are independent.
///
///     log N(x | μ, σ²) = −½ Σ_d [log 2π + log σ_d² + (x_d − μ_d)² / σ_d²]
///
/// The constants are kept, so that the numbers are log densities. The variance is held as its logarithm and may
/// broadcast against the mean (one σ² for all pixels).
public struct DiagonalGaussian: HasVariance, Reparameterized {
    /// μ, `[batch..., event...]`.
    public let mean: Tensor
    /// log σ², broadcasts against the mean.
    public let logVariance: Tensor
    /// How many of the last axes make up one outcome.
    public let eventRank: Int

    /// `[batch..., event...]`.
    public var shape: [Int] { mean.shape }

    /// The type of an outcome's elements.
    public var dtype: DType { mean.dtype }

    /// A Gaussian from mean and log-variance.
    public init(mean: Tensor, logVariance: Tensor, eventRank: Int = 1) {
        self.mean = mean
        self.logVariance = logVariance
        self.eventRank = eventRank
    }

    /// A Gaussian from what a network gives: means, then log-variances, which are bent to a logarithm beyond ±10.
    ///
    /// - Parameter parameters: `[batch..., 2 · size]`.
    public init(parameters: Tensor) {
        let (mean, logVariance) = parameters.gaussianParameters(logVarianceLimit: 10)
        self.init(mean: mean, logVariance: logVariance)
    }

    /// N(0, I) over vectors of a size.
    public static func standard(_ size: Int, dtype: DType = .float32) -> DiagonalGaussian {
        standard([size], dtype: dtype)
    }

    /// N(0, I) over outcomes of a shape.
    public static func standard(_ shape: [Int], dtype: DType = .float32) -> DiagonalGaussian {
        let zeros = Tensor.zeros(shape, dtype: dtype)
        return DiagonalGaussian(mean: zeros, logVariance: zeros, eventRank: shape.count)
    }

    /// σ.
    public var standardDeviation: Tensor { (logVariance * 0.5).exp() }

    /// σ², `[batch..., event...]`.
    public var variance: Tensor { logVariance.exp().broadcast(to: mean.shape) }

    /// log N(x | μ, σ²).
    public func logProbability(of x: Tensor) -> Tensor {
        if eventRank == 1, mean.shape.last == x.shape.last, mean.shape.last == logVariance.shape.last {
            return x.gaussianLogProbability(mean: mean, logVariance: logVariance)
        }
        let parts = [x, mean, logVariance]
        if eventRank > 1, Set(parts.map { $0.splitShape(eventRank: eventRank).event }).count == 1 {
            let rows = parts.map { $0.reshaped($0.shape.dropLast(eventRank) + [-1]) }
            return rows[0].gaussianLogProbability(mean: rows[1], logVariance: rows[2])
        }
        return summedOverEvent(elementwiseLogProbability(of: x))
    }

    /// z = μ + σ ε with ε ~ N(0, I).
    public func draw(_ leading: [Int], using generator: inout Generator) -> Draw {
        let noise = generator.normal(leading + mean.shape, dtype: mean.dtype)
        return Draw(mean.gaussianDraw(logVariance: logVariance, noise: noise))
    }
}

extension DiagonalGaussian: HasElementwiseDensity {
    /// log N(x_d | μ_d, σ_d²).
    public func elementwiseLogProbability(of x: Tensor) -> Tensor {
        let squared = (x - mean).squared() * (-logVariance).exp()
        return (squared + logVariance + log(2 * Double.pi)) * -0.5
    }
}

extension DiagonalGaussian: Detachable {
    /// The Gaussian of the same numbers.
    public func withoutGradient() -> DiagonalGaussian {
        DiagonalGaussian(
            mean: mean.withoutGradient(), logVariance: logVariance.withoutGradient(), eventRank: eventRank)
    }
}

extension DiagonalGaussian: HasEntropy {
    /// ½ Σ_d [1 + log 2π + log σ_d²].
    public func entropy() -> Tensor {
        let elements = (logVariance + (1 + log(2 * Double.pi))) * 0.5
        return summedOverEvent(elements.broadcast(to: mean.shape))
    }
}

extension DiagonalGaussian: HasElementwiseDivergence {
    /// ½ [σ_q²/σ_p² + (μ_q − μ_p)²/σ_p² − 1 − log σ_q² + log σ_p²] to another diagonal Gaussian.
    ///
    /// Source: Kingma, Welling 2014, appendix B, for p = N(0, I).
    public func elementwiseKLDivergence(to other: any Distribution) -> Tensor? {
        guard let prior = other as? DiagonalGaussian, prior.eventRank == eventRank else { return nil }
        return mean.gaussianDivergence(
            logVariance: logVariance, fromMean: prior.mean, logVariance: prior.logVariance)
    }
}
