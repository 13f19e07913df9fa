import Tensors

/// The density of x = m + s · y, element by element, for a density of y.
///
///     log p(x) = log p_y((x − m) / s) − Σ_d log s_d
public struct ShiftedDensity: Likelihood {
    /// The density of y.
    public let base: any Likelihood
    private let mean: Tensor
    private let scale: Tensor
    private let logScale: Tensor

    /// How many of the last axes make up one outcome.
    public var eventRank: Int { base.eventRank }

    /// `[batch..., event...]`.
    public var shape: [Int] { base.shape }

    /// The type of an outcome's elements.
    public var dtype: DType { base.dtype }

    /// Whether that of the base does.
    public var couplesOutcomes: Bool { base.couplesOutcomes }

    /// A density of what is shifted and scaled.
    ///
    /// - Parameters:
    ///   - base: Of y.
    ///   - mean: m, `[event...]`.
    ///   - scale: s, positive, `[event...]`.
    public init(_ base: any Likelihood, mean: Tensor, scale: Tensor) {
        self.base = base
        self.mean = mean
        self.scale = scale
        logScale = scale.log().sum()
    }

    /// log p(x), in nats.
    public func logProbability(of x: Tensor) -> Tensor {
        base.logProbability(of: (x - mean) / scale) - logScale
    }

    /// Draws of y, scaled and shifted.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        base.sample(leading, using: &generator) * scale + mean
    }

    /// The base's center, scaled and shifted.
    public var centre: Tensor { base.centre * scale + mean }
}
