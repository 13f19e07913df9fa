import Bounds
import Foundation
import Models
import Probability
import Tensors
import TestSupport
import Testing

@Suite("The negative binomial likelihood")
struct NegativeBinomialTests {
    private static func distribution(mean: Double, shape: Double) -> NegativeBinomial {
        NegativeBinomial(
            logMean: Tensor([log(mean)]), logDispersion: Tensor([log(shape)]), eventRank: 1)
    }

    @Test(
        "Its probabilities sum to one, with mean μ and variance μ + μ²/r",
        arguments: [(0.3, 2.0), (4, 0.7), (20, 50)])
    func moments(mean: Double, shape: Double) {
        let counts = (0..<4000).map(Double.init)
        let probabilities = Self.distribution(mean: mean, shape: shape)
            .logProbability(of: Tensor(counts, shape: [4000, 1])).exp().array(of: Double.self)
        func expectation(_ f: (Double) -> Double) -> Double {
            zip(counts, probabilities).reduce(0) { $0 + f($1.0) * $1.1 }
        }
        expectClose(expectation { _ in 1 }, 1, absolute: 1e-10)
        expectClose(expectation { $0 }, mean, relative: 1e-9)
        let variance = mean + mean * mean / shape
        expectClose(expectation { ($0 - mean) * ($0 - mean) }, variance, relative: 1e-9)
        expectClose(
            Self.distribution(mean: mean, shape: shape).variance, Tensor([variance]), relative: 1e-12)
    }

    /// By hand for μ = 3 and r = 2.
    @Test("It is the formula")
    func formula() {
        // P(0) = (2/5)², P(1) = 2 (2/5)² (3/5), P(2) = 3 (2/5)² (3/5)².
        let expected = [0.16, 0.192, 0.1728].map { log($0) }
        expectClose(
            Self.distribution(mean: 3, shape: 2).logProbability(of: Tensor([0.0, 1, 2], shape: [3, 1])),
            Tensor(expected), absolute: 1e-12)
    }

    @Test("Its draws have its mean and variance")
    func draws() {
        var generator = Generator(seed: 2)
        let (mean, shape, count) = (4.0, 3.0, 20_000.0)
        let draws = Self.distribution(mean: mean, shape: shape).sample([20_000], using: &generator)
        let variance = mean + mean * mean / shape
        expectClose(draws.mean().scalar(), mean, absolute: 4 * (variance / count).squareRoot())
        #expect((draws .== draws.rounded()).allTrue() && (draws .>= 0).allTrue())
    }

    @Test("A model takes it by name")
    func model() throws {
        let configuration = GaussianVAE.Configuration(
            exampleShape: [5], latents: 3, network: .mlp(hidden: [4]), likelihood: .negativeBinomial)
        let trace = try configuration.model().trace(
            Tensor([Float(0), 1, 2, 7, 30], shape: [1, 5]), samples: 2, seed: 1)
        #expect(trace.likelihood is NegativeBinomial)
        #expect(trace.logLikelihood.isFinite().allTrue())
    }
}
