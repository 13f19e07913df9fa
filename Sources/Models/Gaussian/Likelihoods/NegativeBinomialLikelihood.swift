import Probability
import Settings
import Tensors

/// Counts 0, 1, 2, … whose variance may exceed their mean, by a negative binomial distribution.
public struct NegativeBinomialLikelihoodRecipe: LikelihoodRecipe {
    /// Its name.
    public static let kind = "negative-binomial"
    /// Its line in the help.
    public static let help = "Counts 0, 1, 2, … that scatter more than a Poisson's."
    /// It has no settings.
    public static var settings: [Setting<NegativeBinomialLikelihoodRecipe>] { [] }

    /// The choice.
    public init() {}

    /// Whole numbers, in a table of real numbers.
    public var support: Support { .counts }

    /// The logarithms of mean and dispersion for each element.
    public func outputs(forChannels channels: Int) -> Int { 2 * channels }

    /// Both halves of the output.
    public func head(for exampleShape: [Int]) -> any LikelihoodHead {
        PlainHead { output in
            let (logMean, logDispersion) = halves(of: output, exampleShape)
            return NegativeBinomial(
                logMean: logMean, logDispersion: logDispersion, eventRank: exampleShape.count)
        }
    }

    /// The choice in a phrase.
    public var summary: String { "negative binomial likelihood" }
}

extension LikelihoodRecipe where Self == NegativeBinomialLikelihoodRecipe {
    /// Counts by a negative binomial distribution.
    public static var negativeBinomial: NegativeBinomialLikelihoodRecipe {
        NegativeBinomialLikelihoodRecipe()
    }
}

/// Independent counts: a Poisson whose rate is drawn from a gamma distribution of mean μ and shape r.
///
///     P(k) = Γ(k + r) / (Γ(r) k!) · (r / (r + μ))^r · (μ / (r + μ))^k,   Var[k] = μ + μ²/r
///
/// Source: Hilbe 2011, "Negative binomial regression", section 8.1, the form with μ and dispersion 1/r.
public struct NegativeBinomial: HasVariance {
    /// log μ, `[batch..., event...]`.
    public let logMean: Tensor
    /// log r, as log μ.
    public let logDispersion: Tensor
    /// How many of the last axes make up one outcome.
    public let eventRank: Int
    /// `[batch..., event...]`.
    public var shape: [Int] { logMean.shape }
    /// The type of an outcome's elements.
    public var dtype: DType { logMean.dtype }

    /// Counts from the logarithms of mean and shape.
    public init(logMean: Tensor, logDispersion: Tensor, eventRank: Int) {
        self.logMean = logMean
        self.logDispersion = logDispersion
        self.eventRank = eventRank
    }

    /// Σ log P(k) over the outcome, for counts stored as real numbers.
    public func logProbability(of x: Tensor) -> Tensor {
        elementwise(x).summed(overLast: eventRank)
    }

    /// In float64, as these are small differences of large logarithms.
    private func elementwise(_ x: Tensor) -> Tensor {
        let k = x.converted(to: .float64)
        let (logMean, logShape) = (logMean.converted(to: .float64), logDispersion.converted(to: .float64))
        let shape = logShape.exp()
        // log(μ + r) without overflow.
        let logSum = logMean + (logShape - logMean).softplus()
        let choices = (k + shape).logGamma() - shape.logGamma() - (k + 1).logGamma()
        let logProbability = choices + shape * (logShape - logSum) + k * (logMean - logSum)
        return logProbability.converted(to: dtype)
    }

    /// μ.
    public var mean: Tensor { logMean.exp() }

    /// μ + μ²/r.
    public var variance: Tensor { mean + (logMean * 2 - logDispersion).exp() }

    /// Draws above it are taken as it: a count that no table of ours holds.
    private static let largest = 10_000

    /// The least count whose distribution function exceeds a uniform draw, count by count in bounded memory.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        let uniform = generator.uniform(leading + shape, dtype: dtype)
        return withoutGradients {
            var below = Tensor(zerosLike: logMean)
            var draws = Tensor(zerosLike: uniform)
            for count in 0..<Self.largest {
                below += elementwise(Tensor(Double(count), dtype: dtype)).exp()
                let isAbove = uniform .> below
                draws += isAbove.converted(to: dtype)
                if count % 16 == 15, !isAbove.anyTrue() { break }
            }
            return draws
        }
    }
}
