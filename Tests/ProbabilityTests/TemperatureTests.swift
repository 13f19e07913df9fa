import Foundation
import Probability
import Tensors
import TestSupport
import Testing

@Suite("Draws at a temperature")
struct TemperatureTests {
    static let gaussian = DiagonalGaussian(
        mean: Tensor([0.3, -1.7, 2.0, 0.0, -2, 1.5], shape: [3, 2]),
        logVariance: Tensor([-1.5, 0, 1.0, 0.5, -0.3, -1], shape: [3, 2]))
    static let mixture = Mixture(logits: Tensor([0.5, -1, 0.2]), components: gaussian)

    static let families: [any Tempered] = [
        gaussian, mixture, TransformedDistribution(gaussian, by: Permutation([1, 0])),
    ]

    @Test("A Gaussian keeps its mean, and its deviations are multiplied", arguments: [0.1, 0.7, 1, 1.5])
    func gaussian(temperature: Double) throws {
        let tempered = try #require(Self.gaussian.tempered(by: temperature) as? DiagonalGaussian)
        expectClose(tempered.mean, Self.gaussian.mean)
        expectClose(
            tempered.standardDeviation, Self.gaussian.standardDeviation * temperature, relative: 1e-12)
    }

    @Test("At 1 a distribution is what it was", arguments: families.indices)
    func one(place: Int) throws {
        let family = Self.families[place]
        let tempered = try #require(family.tempered(by: 1))
        #expect(tempered.shape == family.shape && tempered.dtype == family.dtype)
        var (first, second) = (Generator(seed: 1), Generator(seed: 1))
        let draws = family.sample([5], using: &first)
        expectClose(tempered.sample([5], using: &second), draws, relative: 1e-12)
        expectClose(tempered.logProbability(of: draws), family.logProbability(of: draws), relative: 1e-12)
    }

    @Test("A mixture keeps its weights and tempers its components")
    func mixture() throws {
        let tempered = try #require(Self.mixture.tempered(by: 0.5) as? Mixture)
        expectClose(tempered.logits, Self.mixture.logits)
        let components = try #require(tempered.components as? DiagonalGaussian)
        expectClose(components.mean, Self.gaussian.mean)
        expectClose(components.variance, Self.gaussian.variance * 0.25, relative: 1e-12)
    }

    @Test("A map of a Gaussian is the map of the tempered one")
    func transformed() throws {
        let map = Permutation([1, 0])
        let tempered = try #require(TransformedDistribution(Self.gaussian, by: map).tempered(by: 0.5))
        let base = try #require(Self.gaussian.tempered(by: 0.5))
        var (first, second) = (Generator(seed: 2), Generator(seed: 2))
        expectClose(
            tempered.sample([7], using: &first),
            map.forward(base.sample([7], using: &second)).value, relative: 1e-12)
    }

    @Test("A mixture of what has no temperature has none")
    func without() {
        let outcomes = Bernoulli(logits: .zeros([2, 3]), eventRank: 1)
        #expect(Mixture(logits: .zeros([2]), components: outcomes).tempered(by: 0.5) == nil)
    }
}
