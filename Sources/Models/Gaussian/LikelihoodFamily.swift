import Probability
import Tensors

extension GaussianVAE {
    /// The family of p(x | z).
    public enum LikelihoodFamily: Codable, Sendable, Equatable {
        /// Binary elements; on grey values a loss.
        case bernoulli
        /// Real elements around a mean, whose variance is given, learned or worked out.
        case gaussian(variance: LikelihoodVariance)
        /// Elements in [0, 1].
        case continuousBernoulli
        /// 256 levels, each with a probability of its own.
        case categorical
        /// 256 levels by a logistic density, with a location and a scale for each element.
        case discretizedLogistic
        /// 256 levels by a normal density, with a location and a scale for each element.
        case discretizedGaussian
        /// 256 levels by a mixture of logistic densities, the channels of a pixel together.
        case logisticMixture(components: Int)
        /// 256 levels as successes of trials whose chance is drawn from a beta distribution.
        case betaBinomial
    }
}

extension GaussianVAE.LikelihoodFamily {
    /// Whether x are levels of 8-bit data, k / 255.
    public var isOverLevels: Bool {
        switch self {
        case .bernoulli, .gaussian, .continuousBernoulli: false
        case .categorical, .discretizedLogistic, .discretizedGaussian, .logisticMixture, .betaBinomial: true
        }
    }

    /// Whether the density is one of real numbers, which levels need noise for.
    var isOfRealNumbers: Bool {
        switch self {
        case .gaussian, .continuousBernoulli: true
        case .bernoulli, .categorical, .discretizedLogistic, .discretizedGaussian, .logisticMixture,
            .betaBinomial:
            false
        }
    }

    /// Whether examples lie in [0, 1].
    var isBounded: Bool {
        if case .gaussian = self { false } else { true }
    }

    /// How many numbers the network gives for each place of an example, which has so many channels there.
    func outputs(forChannels channels: Int) -> Int {
        switch self {
        case .bernoulli, .continuousBernoulli: channels
        case .gaussian(let variance): channels * variance.outputsPerElement
        case .categorical: channels * Levels.bytes.count
        case .discretizedLogistic, .discretizedGaussian, .betaBinomial: 2 * channels
        case .logisticMixture(let components):
            LogisticMixture.parameterCount(components: components, channels: channels)
        }
    }

    /// The end of a decoder for examples `[channels, places...]`, or rows of values.
    func head(for exampleShape: [Int]) -> any LikelihoodHead {
        let channels = exampleShape[0]
        let eventRank = exampleShape.count
        func halves(of output: Tensor) -> (Tensor, Tensor) {
            let parts = output.split([channels, channels], along: -eventRank)
            return (parts[0], parts[1])
        }
        func discretized(_ family: DiscretizedDensity.Family) -> PlainHead {
            PlainHead { output in
                let (location, logScale) = halves(of: output)
                return DiscretizedDensity(
                    family, location: location.sigmoid(), logScale: Self.bounded(logScale - 2),
                    eventRank: eventRank)
            }
        }
        switch self {
        case .bernoulli: return PlainHead { Bernoulli(logits: $0, eventRank: eventRank) }
        case .gaussian(let variance): return variance.head(for: exampleShape)
        case .continuousBernoulli: return PlainHead { ContinuousBernoulli(logits: $0, eventRank: eventRank) }
        case .categorical:
            return PlainHead { output in
                // [..., channels · levels, places...] → [..., channels, places..., levels]
                let levels = Levels.bytes.count
                let leading = output.rank - eventRank
                let split = output.reshaped(
                    output.shape.prefix(leading) + [channels, levels] + output.shape.suffix(eventRank - 1))
                let places = Array((leading + 2)..<split.rank)
                return CategoricalLevels(
                    logits: split.permuted(Array(0...leading) + places + [leading + 1]), eventRank: eventRank)
            }
        case .discretizedLogistic: return discretized(.logistic)
        case .discretizedGaussian: return discretized(.gaussian)
        case .logisticMixture(let components):
            return PlainHead { LogisticMixture(parameters: $0, components: components, channels: channels) }
        case .betaBinomial:
            return PlainHead { output in
                let (logAlpha, logBeta) = halves(of: output)
                return BetaBinomial(logAlpha: logAlpha, logBeta: logBeta, eventRank: eventRank)
            }
        }
    }

    /// Softly bounded below: a scale of exp(−7) is a quarter of a level, and less says nothing more.
    private static func bounded(_ logScale: Tensor) -> Tensor { (logScale + 7).softplus() - 7 }

    /// Throws when the family does not suit the examples.
    func validate(for exampleShape: [Int]) throws {
        switch self {
        case .gaussian(variance: .fixed(let variance)):
            // The precision 1/σ² must be a float32 as well.
            try require(
                variance >= 1e-30 && variance <= 1e30, "variance", variance, "a number from 1e-30 to 1e30")
        case .logisticMixture(let components):
            try require((1...1000).contains(components), "likelihood components", components, "1 to 1000")
            try require(
                exampleShape.count == 3, "likelihood", "a mixture of logistics",
                "another for examples that are not images")
        case .bernoulli, .gaussian, .continuousBernoulli, .categorical, .discretizedLogistic,
            .discretizedGaussian, .betaBinomial:
            break
        }
    }
}
