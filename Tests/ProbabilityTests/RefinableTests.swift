import Probability
import Tensors
import TestSupport
import Testing

@Suite("Refinable distributions")
struct RefinableTests {
    static let mean = Tensor([0.3, -1, 2, 0.5, 0, 1], shape: [2, 3])
    static let x = Tensor([0, 1, 0.5, -2, 0.3, 1], shape: [2, 3])

    static let families: [any Refinable] = [
        DiagonalGaussian(mean: mean, logVariance: Tensor([0.2, -0.5, 1])),
        FullGaussian(
            mean: mean,
            factor: Tensor(
                [1, 0, 0, 0.4, 0.5, 0, -0.3, 0.2, 2, 0.7, 0, 0, 1, 1, 0, 0, -1, 0.6], shape: [2, 3, 3])),
        LowRankGaussian(
            mean: mean, logVariance: mean * 0.5,
            directions: Tensor([1, 0.5, -1, 0, 2, 0.1], shape: [2, 3, 1])),
    ]

    @Test("The parameters make the distribution", arguments: families.indices)
    func parameters(place: Int) {
        let family = Self.families[place]
        #expect(family.parameters.allSatisfy { $0.size(along: 0) == 2 })
        expectClose(
            family.with(family.parameters).logProbability(of: Self.x), family.logProbability(of: Self.x),
            relative: 1e-14)
    }

    @Test("Any others make one of the same family, with gradients", arguments: families.indices)
    func others(place: Int) {
        let family = Self.families[place]
        let moved = family.parameters.map { $0 * -1.3 + 0.2 }
        expectGradientsMatch(at: moved) { family.with($0).logProbability(of: Self.x) }
    }
}
