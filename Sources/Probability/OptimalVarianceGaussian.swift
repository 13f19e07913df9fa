import Tensors

/// A Gaussian that takes the one σ² under which the outcomes it is asked about are likeliest together.
///
///     log p(x) = log N(x | μ, σ*² I),   σ*² = argmax_σ² Σ log N(x | μ, σ² I) = mean of (x_d − μ_d)²
///
/// The mean is over every element of every outcome, draws and batch alike, and is held at `leastVariance` or above:
/// the best of the variances allowed, as the sum has one peak. Above it the log density averages to
/// −D/2 (log 2πσ*² + 1) over the outcomes.
///
/// It has seen the outcomes before it judges them, so that it is an objective of training and no density: what
/// measures, codes or compares takes a `DiagonalGaussian` whose variance was settled before.
///
/// No gradient flows through σ*². At a maximum the slope along σ² is zero, so the gradient of the average is that of
/// −D/2 log σ*² with and without it; and where outcomes do not count equally (importance weights), each pulls on μ
/// as under a variance that is given, and not on the other outcomes.
///
/// Source: Rybkin, Daniilidis, Levine 2021, "Simple and effective VAE training with calibrated decoders",
/// arXiv:2006.13202. The authors' code lets the gradient through, and bends log σ smoothly at −6.
public struct OptimalVarianceGaussian: HasMean {
    /// μ, `[batch..., event...]`, and the variance that draws have, for want of an outcome.
    public let gaussian: DiagonalGaussian
    /// The least that σ*² becomes.
    public let leastVariance: Double

    /// A Gaussian around the mean of another.
    ///
    /// - Parameters:
    ///   - gaussian: Its draws are what this one draws.
    ///   - leastVariance: Keeps the density finite where the outcomes are met exactly.
    public init(_ gaussian: DiagonalGaussian, leastVariance: Double) {
        self.gaussian = gaussian
        self.leastVariance = leastVariance
    }

    /// μ, `[batch..., event...]`.
    public var mean: Tensor { gaussian.mean }

    /// How many of the last axes make up one outcome.
    public var eventRank: Int { gaussian.eventRank }

    /// `[batch..., event...]`.
    public var shape: [Int] { gaussian.shape }

    /// The type of an outcome's elements.
    public var dtype: DType { gaussian.dtype }

    /// It does: σ*² is found from all of them.
    public var couplesOutcomes: Bool { true }

    /// σ*² of the outcomes `x`, shaped as for `logProbability(of:)`: a scalar without history.
    public func optimalVariance(of x: Tensor) -> Tensor {
        withoutGradients { (x - mean).squared().mean().clamped(from: leastVariance) }
    }

    /// log N(x | μ, σ*² I).
    public func logProbability(of x: Tensor) -> Tensor {
        DiagonalGaussian(mean: mean, logVariance: optimalVariance(of: x).log(), eventRank: eventRank)
            .logProbability(of: x)
    }

    /// Draws of `gaussian`.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        gaussian.sample(leading, using: &generator)
    }
}
