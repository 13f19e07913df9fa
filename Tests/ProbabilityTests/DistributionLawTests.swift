import Foundation
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
            description: "a mixture of three Gaussians", batchShape: [], eventShape: [2], support: real,
            distribution: Mixture(
                logits: Tensor([0.5, -1, 0.2]),
                components: DiagonalGaussian(
                    mean: Tensor([0.3, -1.7, 2.0, 0.0, -2, 1.5], shape: [3, 2]),
                    logVariance: Tensor([-1.5, 0, 1.0, 0.5, -0.3, -1], shape: [3, 2])))),
        Instance(
            description: "a mixture of equal weights in one dimension", batchShape: [], eventShape: [1],
            support: real,
            distribution: Mixture(
                logits: .zeros([3], dtype: .float64),
                components: DiagonalGaussian(
                    mean: Tensor([-3.0, 0.2, 4], shape: [3, 1]),
                    logVariance: Tensor([-1, 0.5, 0], shape: [3, 1])))),
        Instance(
            description: "discretised logistics, narrow, wide and beyond the ends", batchShape: [4],
            eventShape: [], support: .levels(256),
            distribution: DiscretizedDensity(
                .logistic, location: Tensor([0.3, 0.9, -0.2, 1.05]), logScale: Tensor([-7.0, -2, -1, -4]),
                eventRank: 0)),
        Instance(
            description: "discretised Gaussians, narrow, wide and beyond the ends", batchShape: [4],
            eventShape: [], support: .levels(256),
            distribution: DiscretizedDensity(
                .gaussian, location: Tensor([0.3, 0.9, -0.2, 1.05]), logScale: Tensor([-7.0, -2, -1, -4]),
                eventRank: 0)),
        Instance(
            description: "pairs of five levels", batchShape: [2], eventShape: [2], support: .levels(5),
            distribution: DiscretizedDensity(
                .logistic, location: Tensor([0.3, 0.9, 0.5, 0.1], shape: [2, 2]),
                logScale: Tensor([-2.0, -1], shape: [2, 1]), eventRank: 1, levels: Levels(5))),
        Instance(
            description: "categorical levels", batchShape: [2], eventShape: [2], support: .levels(4),
            distribution: CategoricalLevels(
                logits: Tensor((0..<16).map { sin(Double($0) * 1.7) * 2 }, shape: [2, 2, 4]), eventRank: 1)),
        Instance(
            description: "beta-binomial levels, peaked, flat and split", batchShape: [3], eventShape: [],
            support: .levels(256),
            distribution: BetaBinomial(
                logAlpha: Tensor([3.0, 0, -1]), logBeta: Tensor([2.0, 0, -0.5]), eventRank: 0)),
        Instance(
            description: "continuous Bernoullis", batchShape: [6], eventShape: [],
            support: .unit(points: 20_000),
            distribution: ContinuousBernoulli(
                logits: Tensor([-8.0, -1, -0.04, 0, 0.051, 6]), eventRank: 0)),
        Instance(
            description: "mixtures of logistics over grey images", batchShape: [2], eventShape: [1, 1, 2],
            support: .levels(16),
            distribution: LogisticMixture(
                logits: Tensor((0..<12).map { cos(Double($0)) }, shape: [2, 3, 1, 2]),
                locations: Tensor((0..<12).map { 0.5 + 0.5 * sin(Double($0) * 2) }, shape: [2, 3, 1, 1, 2]),
                logScales: Tensor((0..<12).map { -2 + cos(Double($0) * 3) }, shape: [2, 3, 1, 1, 2]),
                coefficients: nil, levels: Levels(16))),
        Instance(
            description: "mixtures of logistics over coupled colours", batchShape: [2],
            eventShape: [3, 1, 1],
            support: .levels(16),
            distribution: LogisticMixture(
                logits: Tensor([0.3, -0.5, 0, 1], shape: [2, 2, 1, 1]),
                locations: Tensor((0..<12).map { 0.5 + 0.4 * sin(Double($0) * 2) }, shape: [2, 2, 3, 1, 1]),
                logScales: Tensor((0..<12).map { -2 + cos(Double($0) * 3) }, shape: [2, 2, 3, 1, 1]),
                coefficients: Tensor((0..<12).map { sin(Double($0) * 5) }, shape: [2, 2, 3, 1, 1]),
                levels: Levels(16))),
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

    static let correlated: [any HasClosedFormDivergence & Reparameterized] = [
        FullGaussian(
            mean: Tensor([0.3, -1.7, 2.0, 0.0], shape: [2, 2]),
            factor: Tensor([0.8, 0, -0.5, 0.6, 1.5, 0, 1.1, 0.7], shape: [2, 2, 2])),
        LowRankGaussian(
            mean: Tensor([0.3, -1.7, 2.0, 0.0], shape: [2, 2]),
            logVariance: Tensor([-1.5, 0, -0.7, 0.5], shape: [2, 2]),
            directions: Tensor([1.2, -0.8, 0.1, 0.9], shape: [2, 2, 1])),
    ]

    @Test(
        "Gaussians with correlations keep the laws, and their divergences are integrals", arguments: [0, 1])
    func correlated(_ place: Int) {
        let q = Self.correlated[place]
        checkDistribution(q, batchShape: [2], eventShape: [2], support: Self.real)
        checkDivergence(
            from: q, to: DiagonalGaussian(mean: Tensor([0.5, -0.5]), logVariance: Tensor([0.4, -0.2])),
            batchShape: [2], eventShape: [2], support: .real(extent: 20, step: 0.1))
    }

    @Test("Further axes of outcomes go through a factor together")
    func furtherAxes() {
        let q = Self.correlated[0]
        var generator = Generator(seed: 3)
        let x = generator.normal([3, 4, 2, 2], dtype: .float64)
        let found = q.logProbability(of: x)
        for row in 0..<3 {
            expectClose(
                found.selected(row, along: 0), q.logProbability(of: x.selected(row, along: 0)),
                relative: 1e-12)
        }
        // Without a batch axis of their own they meet every entry.
        let alone = x.selected(0, along: 2)
        expectClose(
            q.logProbability(of: alone.expanded(at: 2)),
            q.logProbability(of: alone.expanded(at: 2).broadcast(to: [3, 4, 2, 2])), relative: 1e-12)
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
