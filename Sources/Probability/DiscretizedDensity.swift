import Foundation
import Tensors

/// Independent levels, each with what a bell-shaped density holds around it.
///
///     P(x) = F((x + δ/2 − μ) / s) − F((x − δ/2 − μ) / s),   with 0 and 1 in place of F beyond the ends
///
/// δ is the spacing of the levels, and F the distribution function of a standard logistic or normal variable.
///
/// Source: Kingma, Salimans, Welling 2016, section 5.1 and appendix C, arXiv:1606.04934.
public struct DiscretizedDensity: HasMean {
    /// Which bell.
    public enum Family: String, Codable, Sendable, CaseIterable {
        /// The logistic density; s is its scale.
        case logistic
        /// The normal density; s is its standard deviation.
        case gaussian
    }

    /// Which bell.
    public let family: Family
    /// μ in units in which the levels go from 0 to 1, `[batch..., event...]`.
    public let location: Tensor
    /// log s, broadcasts against μ.
    public let logScale: Tensor
    /// How many of the last axes make up one outcome.
    public let eventRank: Int

    /// `[batch..., event...]`.
    public var shape: [Int] { location.shape }

    /// The type of an outcome's elements.
    public var dtype: DType { location.dtype }
    /// What x can be.
    public let levels: Levels

    /// Levels from location and log-scale.
    public init(
        _ family: Family, location: Tensor, logScale: Tensor, eventRank: Int, levels: Levels = .bytes
    ) {
        self.family = family
        self.location = location
        self.logScale = logScale
        self.eventRank = eventRank
        self.levels = levels
    }

    /// Σ log P(x) over the outcome, for x of levels.
    public func logProbability(of x: Tensor) -> Tensor {
        summedOverEvent(elementwiseLogProbability(of: x))
    }

    /// log P of each element.
    func elementwiseLogProbability(of x: Tensor) -> Tensor {
        let inverseScale = (-logScale).exp()
        let middle = (x - location) * inverseScale
        let half = inverseScale * (levels.spacing / 2)
        let inside = family.logMass(from: middle - half, to: middle + half, width: half * 2)
        return
            inside
            .replacing(with: family.logCDF(middle + half), where: levels.isLowest(x))
            .replacing(with: family.logCDF(half - middle), where: levels.isHighest(x))
    }

    /// E[x], by a sum over all levels.
    public var mean: Tensor {
        let inverseScale = (-logScale).exp()
        return levels.mean { family.cdf((location - $0) * inverseScale) }
    }

    /// The density's own mean, which is no sum over levels.
    public var centre: Tensor { location.clamped(from: 0, to: 1) }

    /// Draws of the density, each brought to its level.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        let uniform = generator.uniform(leading + location.shape, dtype: location.dtype)
        let draws = location + logScale.exp() * family.quantile(uniform)
        return levels.nearest(to: draws.withoutGradient())
    }
}

// Both densities are symmetric: 1 − F(z) = F(−z).
extension DiscretizedDensity.Family {
    /// F(z).
    func cdf(_ z: Tensor) -> Tensor {
        switch self {
        case .logistic: z.sigmoid()
        case .gaussian: z.normalCDF()
        }
    }

    /// log F(z), with its digits in the lower tail.
    func logCDF(_ z: Tensor) -> Tensor {
        switch self {
        case .logistic: z.logSigmoid()
        case .gaussian: z.normalLogCDF()
        }
    }

    /// F⁻¹(p).
    func quantile(_ p: Tensor) -> Tensor {
        switch self {
        case .logistic: p.log() - (-p).logOnePlus()
        case .gaussian: p.normalQuantile()
        }
    }

    /// log(F(b) − F(a)) for b − a = width, without cancellation.
    func logMass(from a: Tensor, to b: Tensor, width: Tensor) -> Tensor {
        switch self {
        case .logistic:
            // F(b) − F(a) = F(b) · F(−a) · (1 − e^−(b−a)).
            return b.logSigmoid() + (-a).logSigmoid() + (-(-width).expMinusOne()).log()
        case .gaussian:
            // Mirrored to the lower tail, where log F keeps its digits.
            let isAbove = (a + b) .> 0.0
            let high = b.replacing(with: -a, where: isAbove).normalLogCDF()
            let low = a.replacing(with: -b, where: isAbove).normalLogCDF()
            return high + (-(low - high).expMinusOne()).log()
        }
    }
}
