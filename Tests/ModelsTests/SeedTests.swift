import Bounds
import Datasets
import Layers
import Models
import Probability
import Tensors
import TestSupport
import Testing

@Suite("A Gaussian VAE is a function of its seed")
struct SeedTests {
    static let kinds = networks(for: [1, 9, 12])

    static func configuration(_ network: any NetworkRecipe) -> GaussianVAE.Configuration {
        GaussianVAE.Configuration(exampleShape: [1, 9, 12], latents: 3, network: network)
    }

    @Test("The same seed gives the same weights, another seed others everywhere", arguments: kinds)
    func weights(_ network: any NetworkRecipe) throws {
        func weights(seed: UInt64) throws -> [(key: String, tensor: Tensor)] {
            try ModuleState(Self.configuration(network).model(seed: seed)).tensors
        }
        let first = try weights(seed: 1)
        let same = try weights(seed: 1)
        let other = try weights(seed: 2)
        #expect(same.map(\.key) == first.map(\.key))
        #expect(other.map(\.key) == first.map(\.key))
        for (place, (key, tensor)) in first.enumerated() {
            expectClose(same[place].tensor, tensor, "\(key)")
            #expect(other[place].tensor.array(of: Float.self) != tensor.array(of: Float.self), "\(key)")
        }
    }

    @Test("The same noise gives the same trace, other noise another", arguments: kinds)
    func traces(_ network: any NetworkRecipe) throws {
        let configuration = Self.configuration(network)
        let model = try configuration.model()
        func trace(seed: UInt64) -> Trace { model.trace(configuration.examples(2), samples: 4, seed: seed) }
        let first = trace(seed: 1)
        let same = trace(seed: 1)
        let other = trace(seed: 2)
        expectClose(same.sites[0].value, first.sites[0].value)
        expectClose(same.logWeights(), first.logWeights())
        expectClose(same.bound.elbo, first.bound.elbo)
        #expect((other.sites[0].value .!= first.sites[0].value).allTrue())
        #expect((other.logLikelihood .!= first.logLikelihood).allTrue())
        // The posterior does not depend on the noise, and so neither does the analytic rate.
        expectClose(other.bound.rate, first.bound.rate)
    }

    @Test("Each child of a generator gives draws of its own")
    func children() throws {
        let configuration = Self.configuration(.mlp(hidden: [4]))
        let model = try configuration.model()
        let noise = Generator(seed: 1)
        let batch = Batch(configuration.examples(2))
        let first = model.trace(of: batch, using: noise.child(0)).sites[0].value
        let next = model.trace(of: batch, using: noise.child(1)).sites[0].value
        #expect((next .!= first).allTrue())
    }
}
