import Bounds
import Foundation
import Models
import Probability
import Settings
import Tensors
import TestSupport
import Testing

@Suite("A Gaussian VAE of dequantized levels")
struct DequantizedVAETests {
    static func configuration(_ dequantization: Dequantization, variance: Double = 0.25)
        -> GaussianVAE.Configuration
    {
        .init(
            exampleShape: [1, 3, 4], latents: 3, network: .mlp(hidden: [6]),
            likelihood: .gaussian(variance: .fixed(variance)), dequantization: dequantization)
    }

    static var examples: Tensor {
        var generator = Generator(seed: 7)
        return (generator.uniform([5, 1, 3, 4]) * 255.99).roundedDown() / 255
    }

    @Test("Its groups are z and the noise, of which only z is decoded")
    func groups() throws {
        for kind in [Dequantization.uniform, .variational] {
            let model = try Self.configuration(kind).model()
            var noise = Generator(seed: 1)
            let terms = model.terms(for: Self.examples, samples: 2, using: &noise)
            #expect(terms.groups.map(\.name) == ["z", "noise"])
            #expect(terms.bound().rates.map(\.shape) == [[5]])
            #expect(model.code(of: Self.examples).centre.shape == [5, 3])
            let drawn = model.likelihood(of: [terms.groups[0].draw.value]).sample(using: &noise) * 255
            expectClose(drawn, drawn.rounded(), absolute: 1e-3)
        }
    }

    /// Given z each element is Gaussian, so that what it holds in a level's bin is a difference of distribution functions.
    @Test("Given z, the density with noise averages to the probability of the levels")
    func likelihood() throws {
        let model = try Self.configuration(.uniform).model()
        var noise = Generator(seed: 2)
        let z = noise.normal([1, 3])
        let x = Self.examples[.range(0..<1)]
        let plain = try Self.configuration(.none).model().likelihood(of: [z]).centre
        let below = (DequantizedDensity.places(of: x, noise: Tensor(0.0)) - plain) / 0.5
        let exact = ((below + 1.0 / 128).normalCDF() - below.normalCDF()).log().sum().scalar()
        let count = 4000
        let u = noise.uniform([count, 1, 3, 4])
        let logP = model.likelihood(of: [z]).logProbability(of: DequantizedDensity.places(of: x, noise: u))
        let mean = logP.mean().scalar()
        // The bin is narrow against σ: the bound is close, and below.
        let standardError = logP.variance().squareRoot().scalar() / Double(count).squareRoot()
        #expect(mean < exact + 4 * standardError)
        #expect(mean > exact - 0.2)
        #expect(abs((logP.logSumExp(along: 0) - log(Double(count))).scalar() - exact) < 0.05)
    }

    @Test("Noise is for densities of real numbers only")
    func refusal() {
        for likelihood: any LikelihoodRecipe in [.bernoulli, .categorical, .discretizedLogistic] {
            var configuration = Self.configuration(.uniform)
            configuration.likelihood = likelihood
            #expect(throws: SettingsError.self) { try configuration.validate() }
        }
    }
}
