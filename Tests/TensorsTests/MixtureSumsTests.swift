import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Sums of a mixture of Gaussians")
struct MixtureSumsTests {
    @Test(
        "Counts and moments are those of the responsibilities",
        arguments: [DType.float64, .float32], [[2000, 3, 5], [1501, 16, 16], [700, 30, 19], [3, 2, 1]])
    func composition(_ dtype: DType, _ sizes: [Int]) {
        var generator = Generator(seed: 21)
        let (size, count) = (sizes[1], sizes[2])
        let x = generator.normal([sizes[0], size], dtype: dtype)
        let logWeights = generator.normal([count], dtype: .float64).logSoftmax(along: 0)
        let means = generator.normal([count, size], dtype: .float64)
        let variances = generator.uniform([count, size], dtype: .float64) + 0.3
        let found = x.gaussianMixtureSums(logWeights: logWeights, means: means, variances: variances)

        let gaps = x.converted(to: .float64).expanded(at: 1) - means
        let squares = (gaps.squared() / variances + variances.log() + log(2 * Double.pi)).sum(along: -1)
        let joint = logWeights - squares * 0.5
        let total = joint.logSumExp(along: -1, keepingAxes: true)
        let shares = (joint - total).exp().expanded(at: 2)
        // Float32 joints of tens of nats carry errors of some 1e-5, and so do the responsibilities.
        let relative = dtype == .float64 ? 1e-12 : 1e-4
        expectClose(found.logLikelihood, total.sum().scalar(), relative: relative)
        expectClose(found.counts, shares.sum(along: 0).squeezed(at: 1), relative: relative)
        expectClose(found.second, (shares * gaps.squared()).sum(along: 0), relative: relative)
        // First moments may cancel: the measure is what is added up.
        let sizesOfFirst = (shares * gaps.magnitude()).sum(along: 0)
        expectClose(
            (found.first - (shares * gaps).sum(along: 0)) / sizesOfFirst, Tensor(zerosLike: means),
            absolute: relative)
    }

    @Test("A row far from all components counts for the nearest", arguments: [DType.float64, .float32])
    func farAway(_ dtype: DType) {
        let found = Tensor([100.0, -100], shape: [2, 1]).converted(to: dtype).gaussianMixtureSums(
            logWeights: Tensor([log(0.5), log(0.5)]), means: Tensor([-1.0, 1], shape: [2, 1]),
            variances: Tensor([1.0, 1], shape: [2, 1]))
        expectClose(found.counts, Tensor([1.0, 1]), relative: 1e-6)
        expectClose(found.logLikelihood, -99 * 99 - log(8 * Double.pi), relative: 1e-6)
    }
}
