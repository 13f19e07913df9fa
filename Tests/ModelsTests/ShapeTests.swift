import Bounds
import Models
import Probability
import Tensors
import TestSupport
import Testing

/// Samples, batch and latents are of different sizes, so that axes mixed up show.
@Suite("Shapes of the Gaussian VAE")
struct ShapeTests {
    static let batch = 2

    @Test("Terms and bounds have the shapes stated", arguments: GaussianVAE.Configuration.all, [1, 4])
    func terms(_ configuration: GaussianVAE.Configuration, samples: Int) throws {
        let model = try configuration.model()
        var noise = Generator(seed: 2)
        let terms = model.terms(for: configuration.examples(Self.batch), samples: samples, using: &noise)
        #expect(terms.groups.map(\.draw.value.shape) == [[samples, Self.batch, 3]])
        let hasUnits = configuration.posteriorTraits.contains(.hasUnitRates)
        #expect(
            terms.groups.compactMap { $0.unitRates?.shape } == (hasUnits ? [[Self.batch, 3]] : []))
        #expect(terms.logLikelihood.shape == [samples, Self.batch])
        #expect(terms.logWeights().shape == [samples, Self.batch])
        let bound = terms.bound()
        #expect(bound.distortion.shape == [Self.batch])
        #expect(bound.rates.map(\.shape) == [[Self.batch]])
        #expect(bound.elbo.shape == [Self.batch])
        let likelihood = try #require(terms.likelihood as? any HasCentre)
        #expect(likelihood.centre.shape == [samples, Self.batch] + configuration.exampleShape)
        #expect(likelihood.eventRank == configuration.exampleShape.count)
    }

    @Test("Drawn latents decode to examples", arguments: GaussianVAE.Configuration.all)
    func generation(_ configuration: GaussianVAE.Configuration) throws {
        let model = try configuration.model()
        var noise = Generator(seed: 2)
        let latents = model.sampleLatents(5, using: &noise)
        #expect(latents.map(\.shape) == [[5, 3]])
        let likelihood = model.likelihood(of: latents)
        #expect(likelihood.centre.shape == [5] + configuration.exampleShape)
        #expect(likelihood.sample(using: &noise).shape == [5] + configuration.exampleShape)
    }

    /// The tolerance is for float32 products that a batch of another size sums in another order.
    @Test(
        "What an example or a code becomes does not depend on its company",
        arguments: GaussianVAE.Configuration.all)
    func company(_ configuration: GaussianVAE.Configuration) throws {
        let model = try configuration.model()
        let x = configuration.examples(Self.batch)
        let posterior = model.posterior(of: x)
        var noise = Generator(seed: 3)
        let z = noise.normal([4, Self.batch, 3])
        let means = model.likelihood(of: [z]).centre
        for example in 0..<Self.batch {
            let own = TensorIndex.range(example..<(example + 1))
            let alone = model.posterior(of: x[own])
            expectClose(posterior.centre[own], alone.centre, absolute: 1e-5, "centre \(example)")
            if let posterior = posterior as? any HasVariance, let alone = alone as? any HasVariance {
                expectClose(posterior.variance[own], alone.variance, absolute: 1e-5)
            }
            for sample in 0..<4 {
                expectClose(
                    means[.at(sample), own], model.likelihood(of: [z[.at(sample), own]]).centre,
                    absolute: 1e-5, "sample \(sample) of \(example)")
            }
        }
    }
}
