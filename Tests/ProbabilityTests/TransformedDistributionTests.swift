import Probability
import TestSupport
import Tensors
import Testing

@Suite("Distributions that a map makes of others")
struct TransformedDistributionTests {
    /// Two Gaussians over three elements.
    static let base = DiagonalGaussian(
        mean: Tensor([0.3, -0.7, 0.2, 1, 0, -0.4], shape: [2, 3]),
        logVariance: Tensor([-0.5, 0, 0.3, -1, 0.2, 0], shape: [2, 3]))

    @Test(
        "A draw is the image of the base's, and its log density that of the Jacobian which autograd finds",
        arguments: MapFamily.all)
    func draws(_ family: MapFamily) throws {
        var generator = Generator(seed: 11)
        let map = family.make([2], &generator)
        var same = generator
        let draw = TransformedDistribution(Self.base, by: map).draw([4], using: &generator)
        let noise = Self.base.draw([4], using: &same).value
        expectClose(draw.value, map.forward(noise).value)
        let volume = jacobianLogDeterminant(at: noise.reshaped([8, 3])) {
            map.forward($0.reshaped([4, 2, 3])).value.reshaped([8, 3])
        }
        let found = try #require(draw.logProbability)
        expectClose(
            found, Self.base.logProbability(of: noise) - volume.reshaped([4, 2]), relative: 1e-9,
            absolute: 1e-9)
        #expect(generator == same)
    }

    /// E_q[p(z) / q(z)] is the integral of p over what q reaches: all of it, for any p.
    @Test("Densities of draws integrate to one", arguments: MapFamily.all, [1, 2] as [UInt64])
    func integral(_ family: MapFamily, seed: UInt64) throws {
        var generator = Generator(seed: seed)
        let map = family.make([], &generator)
        let q = TransformedDistribution(DiagonalGaussian.standard(3, dtype: .float64), by: map)
        // Narrow and in the middle of q, so that no weight is large.
        let p = DiagonalGaussian(
            mean: q.centre, logVariance: Tensor(repeating: -2, shape: [3], dtype: .float64))
        let draw = q.draw([50_000], using: &generator)
        let logDensity = try #require(draw.logProbability)
        expectMean(
            ofDraws: (p.logProbability(of: draw.value) - logDensity).exp(), is: Tensor(1, dtype: .float64))
    }

    @Test("The centre is the image of the base's, and samples are draws without a history")
    func centre() {
        let q = TransformedDistribution(Self.base, by: Permutation([1, 2, 0]))
        expectClose(q.centre, Tensor([-0.7, 0.2, 0.3, 0, -0.4, 1], shape: [2, 3]))
        var first = Generator(seed: 1)
        var same = first
        expectClose(q.sample([5], using: &first), q.draw([5], using: &same).value)
    }

    @Test("With a bijector every outcome has a density, which a draw's own agrees with")
    func bijector() {
        checkDistribution(
            TransformedDistribution(
                DiagonalGaussian(
                    mean: Tensor([0.3, -0.7], shape: [1, 2]),
                    logVariance: Tensor([-0.5, 0.4], shape: [1, 2])),
                by: Permutation.reversal(of: 2)), batchShape: [1], eventShape: [2],
            support: .real(extent: 16, step: 0.1))
    }

    @Test("The density of a foreign outcome, without an inverse, ends the program with the reason")
    func foreign() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let map = PlanarMap(step: .ones([2]), normal: .ones([2]), offset: .zeros([1]))
            _ = TransformedDistribution(DiagonalGaussian.standard(2), by: map).logProbability(of: .zeros([2]))
        }
        expectStandardError(
            of: result, says: ["PlanarMap has no inverse in closed form", "the draw's logProbability"])
    }
}
