import Probability
import Tensors
import TestSupport
import Testing

@Suite("Distributions against SciPy")
struct GoldenTests {
    struct Golden: Decodable {
        struct Gaussian: Decodable {
            let mean, logVariance, x, logProbability, entropy: GoldenTensor
        }
        struct Binary: Decodable {
            let logits, x, logProbability: GoldenTensor
        }
        struct Divergences: Decodable {
            let mean, logVariance, priorMean, priorLogVariance, divergence: GoldenTensor
        }

        let gaussian: Gaussian
        let bernoulli: Binary
        let divergences: Divergences
    }

    let golden: Golden

    init() throws {
        golden = try goldenValues("probability/probability")
    }

    @Test(
        "Log densities and entropies of Gaussians, far into the tail", arguments: [DType.float64, .float32])
    func gaussian(_ dtype: DType) {
        let values = golden.gaussian
        let relative = dtype == .float64 ? 1e-12 : 2e-6
        let distribution = DiagonalGaussian(
            mean: values.mean.tensor.converted(to: dtype),
            logVariance: values.logVariance.tensor.converted(to: dtype))
        let logProbability = distribution.logProbability(of: values.x.tensor.converted(to: dtype))
        #expect(logProbability.dtype == dtype)
        expectClose(logProbability, values.logProbability.tensor, relative: relative)
        expectClose(distribution.entropy(), values.entropy.tensor, relative: relative)
    }

    @Test("Log probabilities of binary outcomes", arguments: [DType.float64, .float32])
    func bernoulli(_ dtype: DType) {
        let values = golden.bernoulli
        let distribution = Bernoulli(logits: values.logits.tensor.converted(to: dtype), eventRank: 1)
        let logProbability = distribution.logProbability(of: values.x.tensor.converted(to: dtype))
        #expect(logProbability.dtype == dtype)
        let relative = dtype == .float64 ? 1e-12 : 1e-6
        expectClose(logProbability, values.logProbability.tensor, relative: relative, absolute: relative)
    }

    @Test("KL between Gaussians, also from one that is nearly a point")
    func divergence() {
        let values = golden.divergences
        let q = DiagonalGaussian(
            mean: values.mean.tensor, logVariance: values.logVariance.tensor, eventRank: 0)
        let p = DiagonalGaussian(
            mean: values.priorMean.tensor, logVariance: values.priorLogVariance.tensor, eventRank: 0)
        expectClose(q.klDivergence(to: p)!, values.divergence.tensor, relative: 1e-10)
    }
}
