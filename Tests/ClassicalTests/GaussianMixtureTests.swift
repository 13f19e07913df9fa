import Bounds
import Classical
import Foundation
import Probability
import Tensors
import Testing
import TestSupport

/// A mixture of three components with random parameters.
func randomMixture(_ kind: CovarianceKind, size: Int, seed: UInt64) -> GaussianMixture {
    var generator = Generator(seed: seed)
    let roots = generator.normal([3, size, size], dtype: .float64)
    let matrices = roots.matmul(roots.transposed()) + Tensor.identity(size, dtype: .float64) * 0.3
    let covariances =
        switch kind {
        case .full: matrices
        case .tied: matrices.selected(0, along: 0)
        case .diagonal: matrices.diagonal()
        case .spherical: matrices.diagonal().selected(0, along: 1)
        }
    return GaussianMixture(
        weights: generator.normal([3], dtype: .float64).softmax(along: 0),
        means: generator.normal([3, size], dtype: .float64) * 2, covariance: kind, covariances: covariances)
}

@Suite("Gaussian mixtures")
struct GaussianMixtureTests {
    @Test("Densities are those of the distributions", arguments: CovarianceKind.allCases)
    func densities(_ kind: CovarianceKind) {
        let model = randomMixture(kind, size: 3, seed: 1)
        var generator = Generator(seed: 2)
        let x = generator.normal([40, 3], dtype: .float64)
        let peer = Mixture(
            logits: model.weights.log(),
            components: FullGaussian(mean: model.means, factor: model.matrices.cholesky()))
        expectClose(model.logProbability(of: x), peer.logProbability(of: x), relative: 1e-11)
        expectClose(model.logJoint(of: x), peer.logJoint(of: x), relative: 1e-11)
    }

    @Test("The bound is exact, and no rate is negative", arguments: CovarianceKind.allCases)
    func exact(_ kind: CovarianceKind) {
        let model = randomMixture(kind, size: 2, seed: 3)
        var generator = Generator(seed: 4)
        let x = withHoles(generator.normal([60, 2], dtype: .float64) * 3, every: 5)
        let bound = model.bound(of: x)
        expectClose(bound.elbo, model.logProbability(of: x), relative: 1e-12, absolute: 1e-12)
        #expect((bound.rate .>= -1e-14).allTrue())
        expectClose(
            model.responsibilities(of: x).sum(along: 1), Tensor.ones([60], dtype: .float64), relative: 1e-13)
    }

    @Test("Any other posterior makes the bound lower, by its divergence from the exact one")
    func anyPosterior() {
        let model = randomMixture(.full, size: 2, seed: 5)
        var generator = Generator(seed: 6)
        let x = generator.normal([50, 2], dtype: .float64)
        let logShares = generator.normal([50, 3], dtype: .float64).logSoftmax(along: 1)
        let elbo = (logShares.exp() * (model.logJoint(of: x) - logShares)).sum(along: 1)
        let divergence = (logShares.exp() * (logShares - model.responsibilities(of: x).log())).sum(along: 1)
        expectClose(elbo + divergence, model.logProbability(of: x), relative: 1e-12)
        #expect((divergence .>= 0).allTrue())
    }

    @Test("Missing numbers are summed out: the density is the marginal's", arguments: CovarianceKind.allCases)
    func marginals(_ kind: CovarianceKind) {
        let model = randomMixture(kind, size: 3, seed: 7)
        let hole = Double.nan
        let x = Tensor([1, hole, 2, hole, hole, hole, 0.5, 0.25, -1, hole, 3, hole], shape: [4, 3])
        let found = model.logProbability(of: x).array(of: Double.self)
        let whole = model.logProbability(of: x.sliced(along: 0, from: 2, to: 3)).scalar()
        let ends = model.marginal(of: [0, 2]).logProbability(of: Tensor([1.0, 2], shape: [1, 2])).scalar()
        let middle = model.marginal(of: [1]).logProbability(of: Tensor([3.0], shape: [1, 1])).scalar()
        expectClose(found, [ends, 0, whole, middle], relative: 1e-13, absolute: 1e-14)
    }

    @Test(
        "A missing number is filled by its mean under the numerical posterior",
        arguments: CovarianceKind.allCases)
    func imputation(_ kind: CovarianceKind) {
        let model = randomMixture(kind, size: 2, seed: 8)
        let places = Tensor.linearSpace(from: -30, to: 30, count: 60_001, dtype: .float64)
        let known = Tensor(repeating: 0.75, shape: places.shape, dtype: .float64)
        let density = model.logProbability(of: Tensor.stacked([known, places], along: 1)).exp()
        let mean = (density * places).sum().scalar() / density.sum().scalar()
        let x = Tensor([0.75, .nan, 1.5, -2, .nan, .nan], shape: [3, 2])
        let filled = model.imputed(x).array(of: Double.self)
        expectClose(Array(filled[0..<4]), [0.75, mean, 1.5, -2], relative: 1e-9)
        let overall = (model.weights.expanded(at: 1) * model.means).sum(along: 0).array(of: Double.self)
        expectClose(Array(filled[4...]), overall, relative: 1e-13)
    }

    @Test("Draws have the mixture's mean and second moments", arguments: CovarianceKind.allCases)
    func draws(_ kind: CovarianceKind) {
        let model = randomMixture(kind, size: 2, seed: 9)
        var generator = Generator(seed: 10)
        let draws = model.sample(20_000, using: &generator)
        let weights = model.weights.expanded(at: 1)
        expectMean(ofDraws: draws, is: (weights * model.means).sum(along: 0))
        let outer = model.means.expanded(at: 2) * model.means.expanded(at: 1)
        let moments = (weights.expanded(at: 2) * (model.matrices + outer)).sum(along: 0)
        expectMean(ofDraws: draws.expanded(at: 2) * draws.expanded(at: 1), is: moments)
    }
}

/// The rows with every so manieth number missing.
func withHoles(_ x: Tensor, every period: Int) -> Tensor {
    var values = x.array(of: Double.self)
    for place in stride(from: period - 1, to: values.count, by: period) { values[place] = .nan }
    return Tensor(values, shape: x.shape)
}
