import Foundation
import Tensors

/// A density over [0, 1) as what it says of 8-bit levels with noise: level k and u ∈ [0, 1) stand at (k + u) / 256.
///
///     log p(k, u) = log p_base((k + u) / 256) − D log 256
///
/// Outcomes are given and evaluated as the places (k + u) / 256, and drawn as levels k / 255. Averaged over noise of a
/// density q(u | k), log p(k, u) − log q(u | k) bounds the log of what the base holds in level k's bin.
///
/// Source: Theis, van den Oord, Bethge 2016, section 3.1, arXiv:1511.01844; Ho et al. 2019, eq. 5, arXiv:1902.00275.
public struct DequantizedDensity: Likelihood {
    /// The density over places.
    public let base: any Likelihood
    private let dimensions: Int

    /// How many of the last axes make up one outcome.
    public var eventRank: Int { base.eventRank }

    /// `[batch..., event...]`.
    public var shape: [Int] { base.shape }

    /// The type of an outcome's elements.
    public var dtype: DType { base.dtype }

    /// The density of levels with noise that a density over places gives, whose events have so many elements.
    public init(_ base: any Likelihood, dimensions: Int) {
        self.base = base
        self.dimensions = dimensions
    }

    /// log p(k, u) at places (k + u) / 256.
    public func logProbability(of places: Tensor) -> Tensor {
        base.logProbability(of: places) - Double(dimensions) * log(256)
    }

    /// Whether that of the base does.
    public var couplesOutcomes: Bool { base.couplesOutcomes }

    /// The levels of draws.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        Self.levels(at: base.sample(leading, using: &generator))
    }

    /// The level at the base's centre.
    public var centre: Tensor { Self.levels(at: base.centre) }

    /// Where levels k / 255 with noise stand.
    public static func places(of levels: Tensor, noise: Tensor) -> Tensor {
        (levels * 255 + noise) / 256
    }

    /// The levels k / 255 that places from 0 to 1 belong to, and the nearest for others.
    public static func levels(at places: Tensor) -> Tensor {
        (places * 256).roundedDown().clamped(from: 0, to: 255) / 255
    }
}
