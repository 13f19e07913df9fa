import Bounds
import Foundation
import Models
import Probability
import Tensors
import TestSupport
import Testing

@Suite("The Student-t prior")
struct StudentTPriorTests {
    @Test("Its density integrates to one", arguments: [1, 2, 5, 30])
    func normalization(degrees: Int) {
        // Substituting z = tan t brings the heavy tails of the real line into (−π/2, π/2).
        let angles = Tensor.linearSpace(
            from: -.pi / 2 + 1e-6, to: .pi / 2 - 1e-6, count: 200_001, dtype: .float64)
        let z = angles.array(of: Double.self).map(tan)
        let density = StudentT(degrees: degrees, shape: [1], dtype: .float64)
            .logProbability(of: Tensor(z, shape: [z.count, 1])).exp().array(of: Double.self)
        let step = (Double.pi - 2e-6) / 200_000
        let integral = zip(z, density).reduce(0) { $0 + $1.1 * (1 + $1.0 * $1.0) * step }
        expectClose(integral, 1, absolute: 1e-4)
    }

    @Test("With one degree of freedom it is the Cauchy density")
    func cauchy() {
        let z = Tensor([-3.0, 0, 0.5, 40], shape: [4, 1])
        let expected = [-3.0, 0, 0.5, 40].map { -log(.pi * (1 + $0 * $0)) }
        expectClose(
            StudentT(degrees: 1, shape: [1], dtype: .float64).logProbability(of: z), Tensor(expected),
            absolute: 1e-12)
    }

    /// The variance is ν / (ν − 2); its standard error from the fourth moment, 6 / (ν − 4) + 3 in kurtosis.
    @Test("Its draws have the variance of the density")
    func variance() {
        var generator = Generator(seed: 1)
        let (degrees, count) = (10.0, 40_000.0)
        let draws = StudentT(degrees: 10, shape: [1], dtype: .float64).sample([40_000], using: &generator)
        let variance = degrees / (degrees - 2)
        let error = variance * ((6 / (degrees - 4) + 2) / count).squareRoot()
        expectClose(draws.squared().mean().scalar(), variance, absolute: 4 * error)
    }

    @Test("A model takes it by name, and prices z by its density")
    func model() throws {
        let configuration = GaussianVAE.Configuration(
            exampleShape: [5], latents: 3, network: .mlp(hidden: [4]), prior: .studentT(degrees: 3))
        let model = try configuration.model()
        let trace = model.trace(configuration.examples(4), samples: 2, seed: 1)
        let expected = StudentT(degrees: 3, shape: [3]).logProbability(of: trace.sites[0].value)
        expectClose(trace.sites[0].logPrior, expected)
    }
}
