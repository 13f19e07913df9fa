import Bounds
import Datasets
import Models
import Probability
import Tensors
import TestSupport
import Testing

/// Samples, batch and latents are of different sizes, so that axes mixed up show.
@Suite("Shapes of the Gaussian VAE")
struct ShapeTests {
    static let batch = 2

    @Test("Traces and bounds have the shapes stated", arguments: GaussianVAE.Configuration.all, [1, 4])
    func trace(_ configuration: GaussianVAE.Configuration, samples: Int) throws {
        let model = try configuration.model()
        let trace = model.trace(configuration.examples(Self.batch), samples: samples, seed: 2)
        #expect(trace.sites.map(\.value.shape) == [[samples, Self.batch, 3]])
        let hasUnits =
            configuration.posterior.isDiagonal
            && (configuration.prior is StandardPriorRecipe || configuration.prior is LearnedPriorRecipe)
        #expect(
            trace.sites.compactMap { $0.unitRates?.shape } == (hasUnits ? [[Self.batch, 3]] : []))
        #expect(trace.logLikelihood.shape == [samples, Self.batch])
        #expect(trace.logWeights().shape == [samples, Self.batch])
        let bound = trace.bound
        #expect(bound.distortion.shape == [Self.batch])
        #expect(bound.rates.map(\.rate.shape) == [[Self.batch]])
        #expect(bound.elbo.shape == [Self.batch])
        let likelihood = try #require(trace.likelihood as? any HasCentre)
        #expect(likelihood.shape == [samples, Self.batch] + configuration.exampleShape)
        #expect(likelihood.centre.shape == likelihood.shape)
        #expect(likelihood.eventRank == configuration.exampleShape.count)
    }

    @Test("Drawn latents decode to examples", arguments: GaussianVAE.Configuration.all)
    func generation(_ configuration: GaussianVAE.Configuration) throws {
        let model = try configuration.model()
        var noise = Generator(seed: 2)
        let trace = model.trace(.generation(5, using: noise))
        #expect(trace.sites.map(\.value.shape) == [[1, 5, 3]])
        let likelihood = try #require(trace.likelihood as? any HasCentre)
        #expect(likelihood.centre.shape == [1, 5] + configuration.exampleShape)
        #expect(likelihood.sample(using: &noise).shape == [1, 5] + configuration.exampleShape)
    }

    /// The tolerance is for float32 products that a batch of another size sums in another order.
    @Test(
        "What an example or a code becomes does not depend on its company",
        arguments: GaussianVAE.Configuration.all)
    func company(_ configuration: GaussianVAE.Configuration) throws {
        let model = try configuration.model()
        let x = configuration.examples(Self.batch)
        let posterior = try Self.posterior(model, x)
        var noise = Generator(seed: 3)
        let z = noise.normal([4, Self.batch, 3])
        let means = try Self.centre(model, x, z)
        for example in 0..<Self.batch {
            let own = TensorIndex.range(example..<(example + 1))
            let alone = try Self.posterior(model, x[own])
            expectClose(posterior.centre[own], alone.centre, absolute: 1e-5, "centre \(example)")
            if let posterior = posterior as? any HasVariance, let alone = alone as? any HasVariance {
                expectClose(posterior.variance[own], alone.variance, absolute: 1e-5)
            }
            for sample in 0..<4 {
                let one = TensorIndex.range(sample..<(sample + 1))
                expectClose(
                    means[one, own], try Self.centre(model, x[own], z[one, own]),
                    absolute: 1e-5, "sample \(sample) of \(example)")
            }
        }
    }

    private static func posterior(_ model: GaussianVAE, _ x: Tensor) throws -> any HasCentre {
        try #require(model.trace(x).site().posterior as? any HasCentre)
    }

    private static func centre(_ model: GaussianVAE, _ x: Tensor, _ z: Tensor) throws -> Tensor {
        let walk = Walk.replay(
            of: Observation(Batch(x)), samples: z.size(along: 0), given: ["z": z],
            using: Generator(seed: 0))
        return try #require(model.trace(walk).likelihood as? any HasCentre).centre
    }
}
