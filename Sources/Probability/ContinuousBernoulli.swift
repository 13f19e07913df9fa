import Foundation
import Tensors

/// Independent elements in [0, 1] with the density that is proportional to a Bernoulli's cross-entropy weight.
///
///     log p(x) = Σ_d x_d l_d − log((exp l_d − 1) / l_d)
///
/// Unlike the Bernoulli on grey values it is a density: it integrates to one.
///
/// Source: Loaiza-Ganem, Cunningham 2019, eq. 8, arXiv:1907.06845, written in the logits l = log λ / (1 − λ).
public struct ContinuousBernoulli: HasMean {
    /// l, `[batch..., event...]`.
    public let logits: Tensor
    /// How many of the last axes make up one outcome.
    public let eventRank: Int

    /// `[batch..., event...]`.
    public var shape: [Int] { logits.shape }

    /// The type of an outcome's elements.
    public var dtype: DType { logits.dtype }

    /// Elements from logits.
    public init(logits: Tensor, eventRank: Int) {
        self.logits = logits
        self.eventRank = eventRank
    }

    /// log p(x) of x in [0, 1].
    public func logProbability(of x: Tensor) -> Tensor {
        // (eˡ − 1) / l = e^(l/2) · sinh(l/2) / (l/2), whose second factor is even in l.
        let size = guarded.magnitude()
        let far = size * 0.5 + (-(-size).expMinusOne() / size).log()
        let near = logits.squared() * (1.0 / 24) - logits.squared().squared() * (1.0 / 2880)
        let normalizer = far.replacing(with: near, where: isNear)
        return summedOverEvent((x - 0.5) * logits - normalizer)
    }

    /// E[x] = 1 / (1 − e⁻ˡ) − 1 / l.
    public var mean: Tensor {
        let far = (-(-guarded).expMinusOne()).reciprocal() - guarded.reciprocal()
        let near = logits * (1.0 / 12) - logits * logits.squared() * (1.0 / 720) + 0.5
        return far.replacing(with: near, where: isNear)
    }

    /// The inverse of the distribution function, log(1 + u (eˡ − 1)) / l, at uniform u.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        let uniform = generator.uniform(leading + logits.shape, dtype: logits.dtype)
        // By symmetry for −|l|, where the exponential cannot overflow.
        let size = guarded.magnitude()
        let small = -((uniform * (-size).expMinusOne()).logOnePlus()) / size
        let draws = small.replacing(with: 1 - small, where: logits .> 0.0)
        return draws.replacing(with: uniform, where: isNear).clamped(from: 0, to: 1).withoutGradient()
    }

    /// Where the quotients of the closed forms lose their digits, and a series takes their place.
    private var isNear: Tensor { logits.magnitude() .< 0.05 }

    /// The logits, with 1 where the series counts, so that no slope there is 0 · ∞.
    private var guarded: Tensor { logits.replacing(with: Tensor(1, dtype: logits.dtype), where: isNear) }
}
