import Foundation
import Tensors

/// A distribution that can be drawn from more or less boldly.
public protocol Tempered: Distribution {
    /// The distribution whose draws are spread by a factor: below 1 they keep closer to the center.
    ///
    /// - Parameter temperature: The factor of standard deviations, positive.
    /// - Returns: The distribution; `nil` where a part of it has no such form.
    func tempered(by temperature: Double) -> (any Distribution)?
}

extension DiagonalGaussian: Tempered {
    /// N(μ, t² σ²).
    public func tempered(by temperature: Double) -> (any Distribution)? {
        DiagonalGaussian(
            mean: mean, logVariance: logVariance + 2 * log(temperature), eventRank: eventRank)
    }
}

extension Mixture: Tempered {
    /// The same weights, with tempered components.
    public func tempered(by temperature: Double) -> (any Distribution)? {
        (components as? any Tempered)?.tempered(by: temperature).map {
            Mixture(logits: logits, components: $0)
        }
    }
}

extension TransformedDistribution: Tempered where Base == DiagonalGaussian {
    /// The map of a tempered base.
    public func tempered(by temperature: Double) -> (any Distribution)? {
        TransformedDistribution<DiagonalGaussian>(
            DiagonalGaussian(
                mean: base.mean, logVariance: base.logVariance + 2 * log(temperature),
                eventRank: base.eventRank), by: map)
    }
}
