import Foundation
import Tensors

/// Independent levels: how many of n trials succeed when the chance is drawn from a beta distribution.
///
///     P(k) = (n choose k) B(k + α, n − k + β) / B(α, β),   k = n x, n = levels − 1
///
/// Source: Townsend, Bird, Barber 2019, section 3.2, arXiv:1901.04866.
public struct BetaBinomial: HasMean {
    /// log α, `[batch..., event...]`.
    public let logAlpha: Tensor
    /// log β, as log α.
    public let logBeta: Tensor
    /// How many of the last axes make up one outcome.
    public let eventRank: Int

    /// `[batch..., event...]`.
    public var shape: [Int] { logAlpha.shape }

    /// The type of an outcome's elements.
    public var dtype: DType { logAlpha.dtype }
    /// What x can be.
    public let levels: Levels

    /// Levels from the logarithms of both parameters.
    public init(logAlpha: Tensor, logBeta: Tensor, eventRank: Int, levels: Levels = .bytes) {
        self.logAlpha = logAlpha
        self.logBeta = logBeta
        self.eventRank = eventRank
        self.levels = levels
    }

    private var trials: Double { Double(levels.count - 1) }

    /// Σ log P(x) over the outcome, for x of levels.
    public func logProbability(of x: Tensor) -> Tensor {
        summedOverEvent(elementwiseLogProbability(ofCount: x * trials))
    }

    private func elementwiseLogProbability(ofCount k: Tensor) -> Tensor {
        // In float64: these are small differences of large logarithms.
        let k = k.converted(to: .float64)
        let alpha = logAlpha.converted(to: .float64).exp()
        let beta = logBeta.converted(to: .float64).exp()
        let choices = lgamma(trials + 1) - (k + 1).logGamma() - (trials + 1 - k).logGamma()
        let logProbability =
            choices + Self.logBetaFunction(k + alpha, beta + (trials - k)) - Self.logBetaFunction(alpha, beta)
        return logProbability.converted(to: logAlpha.dtype)
    }

    /// log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b).
    private static func logBetaFunction(_ a: Tensor, _ b: Tensor) -> Tensor {
        a.logGamma() + b.logGamma() - (a + b).logGamma()
    }

    /// α / (α + β).
    public var mean: Tensor { (logAlpha - logBeta).sigmoid() }

    /// The least level whose distribution function exceeds a uniform draw, level by level in bounded memory.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        let uniform = generator.uniform(leading + logAlpha.shape, dtype: logAlpha.dtype)
        return withoutGradients {
            var below = Tensor(zerosLike: logAlpha)
            var draws = Tensor(zerosLike: uniform)
            // The last level takes what is left.
            for level in 0..<(levels.count - 1) {
                let place = Tensor(Double(level), dtype: logAlpha.dtype)
                below += elementwiseLogProbability(ofCount: place).exp()
                draws += (uniform .> below).converted(to: uniform.dtype)
            }
            return draws * levels.spacing
        }
    }
}
