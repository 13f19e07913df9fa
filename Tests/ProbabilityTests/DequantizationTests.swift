import Foundation
import Probability
import TestSupport
import Tensors
import Testing

@Suite("Dequantization")
struct DequantizationTests {
    static let base = DiagonalGaussian(
        mean: Tensor([0.4], shape: [1]), logVariance: Tensor([2 * log(0.02)], shape: [1]), eventRank: 1)
    static let density = DequantizedDensity(base, dimensions: 1)
    static let levels = (Tensor.range(to: 256, dtype: .float64) / 255).expanded(at: 1)

    /// log P(k), what the base holds in the bin of each level, by its distribution function.
    static var exact: Tensor {
        let edges = (Tensor.range(to: 257, dtype: .float64) / 256 - 0.4) / 0.02
        let below = edges.normalCDF()
        return (below[.from(1)] - below[.upTo(256)]).log()
    }

    /// log p(k, u) at 2000 places in each bin, `[2000, 256]`.
    static var inBins: Tensor {
        let noise = ((Tensor.range(to: 2000, dtype: .float64) + 0.5) / 2000).reshaped([2000, 1, 1])
        return density.logProbability(of: DequantizedDensity.places(of: levels, noise: noise))
    }

    /// Levels near the mean, where the normal distribution function keeps its digits.
    static let near = TensorIndex.range(80..<125)

    @Test("Averaged over the bin the density is the level's probability")
    func marginal() {
        let found = Self.inBins.logSumExp(along: 0) - log(2000)
        expectClose(found[Self.near], Self.exact[Self.near], absolute: 1e-6)
    }

    @Test(
        "The bound with uniform noise lies below the log-probability of the level, with better noise nearer")
    func bounds() {
        let inBins = Self.inBins[.from(0), Self.near]
        let exact = Self.exact[Self.near]
        let uniform = inBins.mean(along: 0)
        #expect((uniform .< exact).allTrue())
        // Noise half as much tilted as the posterior is: q ∝ √p.
        let logQ = inBins * 0.5 - (inBins * 0.5).logSumExp(along: 0) + log(2000)
        let tilted = (logQ.exp() * (inBins - logQ)).mean(along: 0)
        #expect((tilted .< exact).allTrue())
        #expect((tilted .> uniform).allTrue())
    }

    @Test("Levels come back from their places, whatever the noise, and draws are levels")
    func levels() {
        for noise in [0, 0.25, 0.999_99] {
            let places = DequantizedDensity.places(
                of: Self.levels.converted(to: .float32), noise: Tensor(noise))
            expectClose(DequantizedDensity.levels(at: places), Self.levels, absolute: 1e-7)
        }
        var generator = Generator(seed: 1)
        let draws = Self.density.sample([1000], using: &generator) * 255
        expectClose(draws, draws.rounded(), absolute: 1e-9)
        let spread = draws.variance(along: 0).squareRoot().scalar()
        // √(2 / 1000) / 2 of itself is the standard error of a deviation.
        #expect(abs(spread / 255 / 0.02 - 1) < 5 * 0.0224)
    }

    @Test("A logit leads from the interval to the line and back", arguments: [0, 0.05, -1e-5])
    func logit(margin: Double) {
        var generator = Generator(seed: 2)
        checkBijector(
            Logit(margin: margin, eventRank: 1),
            at: generator.uniform([7, 3], dtype: .float64) * 0.9 + 0.05)
    }

    @Test("Uniform noise has density one inside its cube, and none outside")
    func uniform() {
        let noise = UniformNoise(shape: [2, 3], eventRank: 1, dtype: .float64)
        var generator = Generator(seed: 3)
        let draw = noise.draw([5], using: &generator)
        #expect(draw.value.shape == [5, 2, 3])
        expectClose(noise.logProbability(of: draw.value), .zeros([5, 2], dtype: .float64), absolute: 0)
        let outside = Tensor([0.5, 1, 0.5, -0.1, 0.5, 0.5], shape: [2, 3])
        #expect(noise.logProbability(of: outside).array(of: Double.self) == [-.infinity, -.infinity])
        expectClose(noise.klDivergence(to: noise)!, .zeros([2], dtype: .float64), absolute: 0)
        #expect(noise.klDivergence(to: UniformNoise(shape: [1], eventRank: 1)) == nil)
    }

    @Test("A point mass has all its probability at one outcome")
    func pointMass() {
        let mass = PointMass(at: Tensor([1.0, 2, 3, 4], shape: [2, 2]), eventRank: 1)
        let x = Tensor([1.0, 2, 3, 5], shape: [2, 2])
        #expect(mass.logProbability(of: x).array(of: Double.self) == [0, -.infinity])
        var generator = Generator(seed: 4)
        expectClose(mass.sample([3], using: &generator), mass.mean.broadcast(to: [3, 2, 2]), absolute: 0)
    }
}
