import Probability
import Tensors
import TestSupport
import Testing

/// In float32; the laws of distributions say the same in float64.
@Suite("Stated shapes and types")
struct StatedShapeTests {
    static let gaussian = DiagonalGaussian(mean: .zeros([4, 3]), logVariance: .zeros([4, 3]))
    static let image = DiagonalGaussian(mean: .zeros([2, 3, 4, 5]), logVariance: .zeros([]), eventRank: 3)

    static let rows: [(any Distribution, batch: [Int], event: [Int])] = [
        (gaussian, [4], [3]), (image, [2], [3, 4, 5]), (DiagonalGaussian.standard([2, 3]), [], [2, 3]),
        (FullGaussian(mean: .zeros([4, 3]), factor: .identity(3).broadcast(to: [4, 3, 3])), [4], [3]),
        (
            LowRankGaussian(
                mean: .zeros([4, 3]), logVariance: .zeros([4, 3]), directions: .ones([4, 3, 2])), [4], [3]
        ),
        (OptimalVarianceGaussian(image, leastVariance: 1e-3), [2], [3, 4, 5]),
        (PointMass(at: .zeros([2, 4, 3]), eventRank: 1), [2, 4], [3]),
        (UniformNoise(shape: [4, 2, 3], eventRank: 2), [4], [2, 3]),
        (Mixture(logits: .zeros([4]), components: gaussian), [], [3]),
        (TransformedDistribution(gaussian, by: Permutation([2, 0, 1])), [4], [3]),
        (DequantizedDensity(image, dimensions: 60), [2], [3, 4, 5]),
        (Bernoulli(logits: .zeros([4, 2, 3]), eventRank: 2), [4], [2, 3]),
        (ContinuousBernoulli(logits: .zeros([4, 2, 3]), eventRank: 2), [4], [2, 3]),
        (CategoricalLevels(logits: .zeros([4, 2, 3, 256]), eventRank: 2), [4], [2, 3]),
        (BetaBinomial(logAlpha: .zeros([4, 3]), logBeta: .zeros([4, 3]), eventRank: 1), [4], [3]),
        (
            DiscretizedDensity(.logistic, location: .zeros([4, 3]), logScale: .zeros([1]), eventRank: 1), [4],
            [3]
        ),
        (
            LogisticMixture(
                logits: .zeros([6, 5, 2, 4]), locations: .zeros([6, 5, 3, 2, 4]),
                logScales: .zeros([6, 5, 3, 2, 4]),
                coefficients: .zeros([6, 5, 3, 2, 4])), [6], [3, 2, 4]
        ),
        (
            LogisticMixture(
                logits: .zeros([2, 6, 5, 2, 4]), locations: .zeros([2, 6, 5, 1, 2, 4]),
                logScales: .zeros([2, 6, 5, 1, 2, 4]), coefficients: nil), [2, 6], [1, 2, 4]
        ),
    ]

    @Test("They are those of draws, and of what a draw's density is given for", arguments: rows.indices)
    func stated(place: Int) {
        let (distribution, batch, event) = Self.rows[place]
        #expect(distribution.shape == batch + event)
        #expect(distribution.batchShape == batch && distribution.eventShape == event)
        var generator = Generator(seed: 1)
        let draws = distribution.sample([7], using: &generator)
        #expect(draws.shape == [7] + distribution.shape)
        #expect(draws.dtype == distribution.dtype && distribution.dtype == .float32)
        let logProbability = distribution.logProbability(of: draws)
        #expect(logProbability.shape == [7] + batch && logProbability.dtype == .float32)
    }

    @Test("Only a variance found from the outcomes makes these depend on one another")
    func coupling() {
        for (distribution, _, _) in Self.rows {
            #expect(distribution.couplesOutcomes == (distribution is OptimalVarianceGaussian))
        }
        #expect(
            DequantizedDensity(OptimalVarianceGaussian(Self.image, leastVariance: 1e-3), dimensions: 60)
                .couplesOutcomes)
    }

    /// The same outcome alone and among others.
    @Test("A distribution that couples outcomes has another density for one alone, the others have not")
    func company() {
        let mean = Tensor((0..<120).map { Float($0) / 50 }, shape: [2, 3, 4, 5])
        let plain = DiagonalGaussian(mean: mean, logVariance: .zeros([]), eventRank: 3)
        let x = Tensor((0..<120).map { Float($0 % 7) / 5 }, shape: [2, 3, 4, 5])
        for distribution: any Distribution in [plain, OptimalVarianceGaussian(plain, leastVariance: 1e-3)] {
            let together = distribution.logProbability(of: x)
            let shifted = distribution.logProbability(
                of: Tensor.concatenated([x[.range(0..<1)], x[.range(1..<2)] + 3], along: 0))
            let isSame = together[0].scalar() == shifted[0].scalar()
            #expect(isSame != distribution.couplesOutcomes)
        }
    }
}
