import Foundation
import Probability
import Tensors
import TestSupport
import Testing

@Suite("A Gaussian with the best variance")
struct OptimalVarianceGaussianTests {
    /// Two draws of the means of three outcomes of two values.
    static let mean = Tensor([0.3, -1, 2, 0, 1.5, 0.4, 0.1, -0.7, 1.8, 0.2, 1, 0.9], shape: [2, 3, 2])
    static let x = Tensor([0.5, -1.2, 1, 0.3, 2, 0.4], shape: [3, 2])

    static func gaussian(_ mean: Tensor = Self.mean, least: Double = 1e-6) -> OptimalVarianceGaussian {
        OptimalVarianceGaussian(
            DiagonalGaussian(mean: mean, logVariance: Tensor(log(0.5), dtype: .float64)), leastVariance: least
        )
    }

    @Test("Its variance is the mean squared error over draws, outcomes and values, worked out by hand")
    func variance() {
        // Squares of the first draw: 0.04 0.04 1 0.09 0.25 0; of the second: 0.16 0.25 0.64 0.01 1 0.25.
        expectClose(
            Self.gaussian().optimalVariance(of: Self.x), Tensor([3.73 / 12], shape: []), relative: 1e-12)
    }

    @Test("The log density is the Gaussian's of that variance, and averages to −D/2 (log 2πσ² + 1)")
    func logDensity() {
        let found = Self.gaussian().logProbability(of: Self.x)
        let variance = 3.73 / 12
        // The third outcome under the second draw: squares of 1 and 0.25.
        let one = -0.5 * (2 * log(2 * .pi * variance) + 1.25 / variance)
        expectClose(found.array(of: Double.self).last ?? .nan, one, relative: 1e-12)
        expectClose(found.mean(), Tensor([-(log(2 * .pi * variance) + 1)], shape: []), relative: 1e-12)
        #expect(found.shape == [2, 3])
    }

    @Test("No other variance makes the outcomes likelier", arguments: [0.5, 0.9, 1.1, 2])
    func best(factor: Double) {
        let other = DiagonalGaussian(
            mean: Self.mean, logVariance: Tensor(log(3.73 / 12 * factor), dtype: .float64))
        let found = Self.gaussian().logProbability(of: Self.x).sum()
        #expect(found.scalar() > other.logProbability(of: Self.x).sum().scalar())
    }

    @Test("The average has the gradient of central differences, and of −D/2 log of the squared error")
    func gradients() {
        expectGradientMatches(at: Self.mean) { Self.gaussian($0).logProbability(of: Self.x).mean() }
        let direct = gradient(at: Self.mean) { -(Self.x - $0).squared().mean().log() }
        let found = gradient(at: Self.mean) { Self.gaussian($0).logProbability(of: Self.x).mean() }
        expectClose(found, direct, relative: 1e-12)
    }

    @Test("An outcome pulls on its own mean alone, as under a variance that is given")
    func apart() {
        let first = gradient(at: Self.mean) {
            Self.gaussian($0).logProbability(of: Self.x).selected(0, along: 0).selected(0, along: 0)
        }
        let pull = (Self.x - Self.mean) * (12 / 3.73)
        let isFirst = Tensor([1.0, 1] + [Double](repeating: 0, count: 10), shape: [2, 3, 2])
        expectClose(first, pull * isFirst, relative: 1e-12)
    }

    @Test("Outcomes that are met exactly leave it finite, at the least variance")
    func least() {
        let gaussian = Self.gaussian(Self.x, least: 0.01)
        expectClose(gaussian.optimalVariance(of: Self.x), Tensor([0.01], shape: []))
        expectClose(
            gaussian.logProbability(of: Self.x),
            Tensor(repeating: -log(2 * .pi * 0.01), shape: [3], dtype: .float64), relative: 1e-12)
    }

    @Test("Mean and draws are those of the Gaussian that it is made of")
    func draws() {
        let gaussian = Self.gaussian()
        expectClose(gaussian.centre, Self.mean)
        var first = Generator(seed: 3)
        var second = first
        expectClose(
            gaussian.sample([5], using: &first), gaussian.gaussian.sample([5], using: &second))
    }
}
