import Probability
import Tensors
import TestSupport
import Testing

/// A distribution and the shapes that it claims.
struct Instance: Sendable, CustomStringConvertible {
    let description: String
    let batchShape: [Int]
    let eventShape: [Int]
    let support: Support
    let distribution: any Distribution
}

@Suite("Laws of distributions")
struct DistributionLawTests {
    static let real = Support.real(extent: 16, step: 0.1)

    static let instances = [
        Instance(
            description: "Gaussians of one number, narrow and wide", batchShape: [3], eventShape: [],
            support: real,
            distribution: DiagonalGaussian(
                mean: Tensor([0.3, -1.7, 2.0]), logVariance: Tensor([-2.5, 0, 1.2]), eventRank: 0)),
        Instance(
            description: "Gaussian vectors", batchShape: [2], eventShape: [2], support: real,
            distribution: DiagonalGaussian(
                mean: Tensor([0.3, -1.7, 2.0, 0.0], shape: [2, 2]),
                logVariance: Tensor([-1.5, 0, 1.0, 0.5], shape: [2, 2]))),
        Instance(
            description: "Gaussian matrices in a 2 × 1 batch", batchShape: [2, 1], eventShape: [1, 2],
            support: real,
            distribution: DiagonalGaussian(
                mean: Tensor([0.3, -1.7, 2.0, 0.0], shape: [2, 1, 1, 2]),
                logVariance: Tensor([-1.5, 0, 1.0, 0.5], shape: [2, 1, 1, 2]), eventRank: 2)),
        Instance(
            description: "Gaussian vectors with one variance for all", batchShape: [3], eventShape: [2],
            support: real,
            distribution: DiagonalGaussian(
                mean: Tensor([0.3, -1.7, 2.0, 0.0, 1, -1], shape: [3, 2]),
                logVariance: Tensor(-0.7, dtype: .float64))),
        Instance(
            description: "Gaussian vectors with one variance for each entry", batchShape: [3],
            eventShape: [2], support: real,
            distribution: DiagonalGaussian(
                mean: Tensor([0.3, -1.7, 2.0, 0.0, 1, -1], shape: [3, 2]),
                logVariance: Tensor([-0.7, 0, 0.7], shape: [3, 1]))),
        Instance(
            description: "the standard Gaussian", batchShape: [], eventShape: [2], support: real,
            distribution: DiagonalGaussian.standard(2, dtype: .float64)),
        Instance(
            description: "Bernoulli elements", batchShape: [4], eventShape: [], support: .binary,
            distribution: Bernoulli(logits: Tensor([-3, 0, 0.5, 4]), eventRank: 0)),
        Instance(
            description: "Bernoulli images of 2 × 2 pixels", batchShape: [2], eventShape: [1, 2, 2],
            support: .binary,
            distribution: Bernoulli(
                logits: Tensor([-3, 0, 0.5, 4, -1, 1, -0.1, 2.5], shape: [2, 1, 2, 2]), eventRank: 3)),
        Instance(
            description: "Bernoulli vectors in a 2 × 2 batch", batchShape: [2, 2], eventShape: [2],
            support: .binary,
            distribution: Bernoulli(
                logits: Tensor([-3, 0, 0.5, 4, -1, 1, -0.1, 2.5], shape: [2, 2, 2]), eventRank: 1)),
    ]

    @Test("Densities, moments, draws, shapes and seeds agree with one another", arguments: instances)
    func laws(of instance: Instance) {
        checkDistribution(
            instance.distribution, batchShape: instance.batchShape, eventShape: instance.eventShape,
            support: instance.support)
    }

    static let gaussians = [
        (
            q: DiagonalGaussian(
                mean: Tensor([0.3, -1.7, 2.0, 0.0], shape: [2, 2]),
                logVariance: Tensor([-1.5, 0, 0.8, 0.5], shape: [2, 2])),
            p: DiagonalGaussian.standard(2, dtype: .float64), batchShape: [2], eventShape: [2]
        ),
        (
            q: DiagonalGaussian(
                mean: Tensor([0.3, -1.7, 1.0]), logVariance: Tensor([-2.0, 0, 1.0]), eventRank: 0),
            p: DiagonalGaussian(
                mean: Tensor([-0.5, 0.5, 1]), logVariance: Tensor([0.5, -0.3, 1.0]), eventRank: 0),
            batchShape: [3], eventShape: []
        ),
        (
            q: DiagonalGaussian(
                mean: Tensor([0.3, -1.7, 1.0, 0.2], shape: [2, 2]), logVariance: Tensor(-0.5, dtype: .float64)
            ),
            p: DiagonalGaussian(mean: Tensor([0.5, -0.5]), logVariance: Tensor(0.4, dtype: .float64)),
            batchShape: [2], eventShape: [2]
        ),
    ]

    @Test("Divergences in closed form are those of the densities", arguments: gaussians.indices)
    func divergence(_ place: Int) {
        let pair = Self.gaussians[place]
        checkDivergence(
            from: pair.q, to: pair.p, batchShape: pair.batchShape, eventShape: pair.eventShape,
            support: .real(extent: 20, step: 0.1))
    }

    @Test("There is no closed form to another family or another event")
    func withoutClosedForm() {
        let q = DiagonalGaussian.standard(2)
        #expect(q.klDivergence(to: Bernoulli(logits: .zeros([2]), eventRank: 1)) == nil)
        let other = DiagonalGaussian(mean: .zeros([2]), logVariance: .zeros([2]), eventRank: 0)
        #expect(q.elementwiseKLDivergence(to: other) == nil)
    }
}
