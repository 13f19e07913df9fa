import Bounds
import Datasets
import Foundation
import Layers
import Models
import Probability
import Settings
import Tensors
import TestSupport
import Testing

@Suite("Standardized columns")
struct StandardizationTests {
    @Test("A shifted and scaled Gaussian is the Gaussian of that mean and variance")
    func shifted() {
        let base = DiagonalGaussian(
            mean: Tensor([0.3, -1, 0, 2], shape: [2, 2]), logVariance: Tensor([-1, 0.5], shape: [2]))
        let (mean, scale) = (Tensor([100.0, -5]), Tensor([30.0, 0.01]))
        let shifted = ShiftedDensity(base, mean: mean, scale: scale)
        let expected = DiagonalGaussian(
            mean: base.mean * scale + mean, logVariance: base.logVariance + scale.log() * 2)
        let x = Tensor([90.0, -5.01, 130, -4.99], shape: [2, 2])
        expectClose(shifted.logProbability(of: x), expected.logProbability(of: x), relative: 1e-12)
        expectClose(shifted.centre, expected.mean, relative: 1e-12)
        var (one, other) = (Generator(seed: 3), Generator(seed: 3))
        expectClose(
            shifted.sample([3], using: &one), base.sample([3], using: &other) * scale + mean, relative: 1e-12)
    }

    @Test("Moments are those of the examples, over all batches")
    func moments() throws {
        var generator = Generator(seed: 4)
        let x = generator.normal([2500, 3]) * Tensor([Float(2), 500, 0]) + Tensor([Float(1e3), -7, 4])
        let source = InMemorySource(name: "x", examples: x, elementKind: .real)
        let (mean, deviation) = try source.moments(after: .real)
        let exact = x.converted(to: .float64)
        let average = exact.mean(along: 0)
        expectClose(mean.converted(to: .float64), average, relative: 1e-6)
        let variance = (exact - average).squared().mean(along: 0)
        expectClose(deviation.converted(to: .float64), variance.squareRoot(), relative: 1e-5, absolute: 1e-6)
    }

    @Test(
        "The bound is that of the numbers as given: of what the networks see, less the logarithm of the scale"
    )
    func bound() throws {
        var plain = GaussianVAE.Configuration(
            exampleShape: [3], latents: 2, network: .mlp(hidden: [8]),
            likelihood: .gaussian(variance: .pixel()))
        var generator = Generator(seed: 1)
        let model = try GaussianVAE(plain, using: &generator)
        plain.isStandardized = true
        generator = Generator(seed: 1)
        let standardized = try GaussianVAE(plain, using: &generator)
        let (mean, scale) = (Tensor([Float(50), -3, 0]), Tensor([Float(20), 0.5, 0]))
        standardized.standardize(by: mean, scale)
        // A column that never changes keeps its scale.
        let used = Tensor([Float(20), 0.5, 1])
        let y = generator.normal([5, 3])
        func bound(_ model: GaussianVAE, _ x: Tensor) -> Bound {
            withoutGradients {
                model.trace(of: Batch(x, indices: Array(0..<5)), using: Generator(seed: 9)).bound
            }
        }
        let (own, raw) = (bound(model, y), bound(standardized, y * used + mean))
        expectClose(raw.distortion, own.distortion + used.log().sum(), relative: 1e-4)
        expectClose(raw.rates[0].rate, own.rates[0].rate, relative: 1e-4)
    }

    @Test("Likelihoods of levels, dequantization and a variance of the examples are refused")
    func refusals() throws {
        var configuration = GaussianVAE.Configuration(exampleShape: [3])
        configuration.isStandardized = true
        for likelihood in [.bernoulli, .gaussian(variance: .optimal), .categorical] as [any LikelihoodRecipe]
        {
            configuration.likelihood = likelihood
            #expect(throws: SettingsError.self) { try configuration.validate() }
        }
        configuration.likelihood = .gaussian(variance: .learned)
        try configuration.validate()
    }
}
