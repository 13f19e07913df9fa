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

        struct Mixture: Decodable {
            let logits, mean, logVariance, x, logProbability: GoldenTensor
        }
        struct Levels: Decodable {
            let location, logScale, x, logistic, gaussian, logAlpha, logBeta, betaBinomial: GoldenTensor
        }

        let mixture: Mixture
        let levels: Levels
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

    @Test("Mixtures of Gaussians", arguments: [DType.float64, .float32])
    func mixture(_ dtype: DType) {
        let values = golden.mixture
        let distribution = Mixture(
            logits: values.logits.tensor.converted(to: dtype),
            components: DiagonalGaussian(
                mean: values.mean.tensor.converted(to: dtype),
                logVariance: values.logVariance.tensor.converted(to: dtype)))
        expectClose(
            distribution.logProbability(of: values.x.tensor.converted(to: dtype)),
            values.logProbability.tensor, relative: dtype == .float64 ? 1e-12 : 2e-6)
    }

    @Test("Levels under bells, far into both tails and at the ends", arguments: [DType.float64, .float32])
    func bells(_ dtype: DType) {
        let values = golden.levels
        for (family, expected) in [
            (DiscretizedDensity.Family.logistic, values.logistic), (.gaussian, values.gaussian),
        ] {
            let distribution = DiscretizedDensity(
                family, location: values.location.tensor.converted(to: dtype),
                logScale: values.logScale.tensor.converted(to: dtype), eventRank: 0)
            let found = distribution.logProbability(of: (values.x.tensor / 255).converted(to: dtype))
            // The tails' logarithms are quotients of a narrow scale, of which float32 keeps five digits.
            expectClose(found, expected.tensor, relative: dtype == .float64 ? 1e-9 : 2e-5, "\(family)")
        }
    }

    @Test("Beta-binomial levels", arguments: [DType.float64, .float32])
    func betaBinomial(_ dtype: DType) {
        let values = golden.levels
        let distribution = BetaBinomial(
            logAlpha: values.logAlpha.tensor.converted(to: dtype),
            logBeta: values.logBeta.tensor.converted(to: dtype), eventRank: 0)
        expectClose(
            distribution.logProbability(of: (values.x.tensor / 255).converted(to: dtype)),
            values.betaBinomial.tensor, relative: dtype == .float64 ? 1e-10 : 1e-5, absolute: 1e-6)
    }
}
