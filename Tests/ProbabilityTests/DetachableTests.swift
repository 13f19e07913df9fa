import Probability
import Tensors
import TestSupport
import Testing

@Suite("Distributions without their parameters' gradients")
struct DetachableTests {
    /// Made of one scale, of which all parameters are functions.
    static let families: [(String, @Sendable (Tensor) -> any Detachable)] = [
        (
            "diagonal",
            { DiagonalGaussian(mean: Tensor([1.0, -2]) * $0, logVariance: Tensor([0.3, -0.5]) * $0) }
        ),
        (
            "full",
            {
                FullGaussian(
                    mean: Tensor([1.0, -2]) * $0, factor: Tensor([1.0, 0, 0.4, 2], shape: [2, 2]) * $0)
            }
        ),
        (
            "low-rank",
            {
                LowRankGaussian(
                    mean: Tensor([1.0, -2]) * $0, logVariance: Tensor([0.3, -0.5]) * $0,
                    directions: Tensor([0.5, 1.0], shape: [2, 1]) * $0)
            }
        ),
    ]

    @Test(
        "The density is the same, and its gradient that along the outcome alone", arguments: families.indices)
    func density(place: Int) {
        let make = Self.families[place].1
        let x = Tensor([0.2, -1])
        let found = valueWithGradients(at: [x, Tensor(1.3, dtype: .float64)]) {
            make($0[1]).withoutGradient().logProbability(of: $0[0])
        }
        let whole = valueWithGradients(at: [x, Tensor(1.3, dtype: .float64)]) {
            make($0[1]).logProbability(of: $0[0])
        }
        expectClose(found.value, whole.value)
        expectClose(found.gradients[0], whole.gradients[0], relative: 1e-12)
        #expect(whole.gradients[1].scalar() != 0)
        #expect(found.gradients[1].scalar() == 0)
    }

    @Test("A Gaussian's elements have the densities that add up to its own")
    func elements() {
        let gaussian = DiagonalGaussian(mean: Tensor([1.0, -2]), logVariance: Tensor([0.3, -0.5]))
        let x = Tensor([0.2, -1, 3, 4], shape: [2, 2])
        let elements = gaussian.elementwiseLogProbability(of: x)
        #expect(elements.shape == [2, 2])
        expectClose(elements.sum(along: -1), gaussian.logProbability(of: x), relative: 1e-12)
    }
}
