import Bounds
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

    @Test("The same noise gives the same terms, other noise others", arguments: kinds)
    func terms(_ network: any NetworkRecipe) throws {
        let configuration = Self.configuration(network)
        let model = try configuration.model()
        func terms(seed: UInt64) -> Terms {
            var noise = Generator(seed: seed)
            return model.terms(for: configuration.examples(2), samples: 4, using: &noise)
        }
        let first = terms(seed: 1)
        let same = terms(seed: 1)
        let other = terms(seed: 2)
        expectClose(same.groups[0].draw.value, first.groups[0].draw.value)
        expectClose(same.logWeights(), first.logWeights())
        expectClose(same.bound().elbo, first.bound().elbo)
        #expect((other.groups[0].draw.value .!= first.groups[0].draw.value).allTrue())
        #expect((other.logLikelihood .!= first.logLikelihood).allTrue())
        // The posterior does not depend on the noise, and so neither does the analytic rate.
        expectClose(other.bound().rate, first.bound().rate)
    }

    @Test("The noise has moved on afterwards, so that the next terms are others")
    func advance() throws {
        let configuration = Self.configuration(.mlp(hidden: [4]))
        let model = try configuration.model()
        var noise = Generator(seed: 1)
        let x = configuration.examples(2)
        let first = model.terms(for: x, using: &noise).groups[0].draw.value
        let next = model.terms(for: x, using: &noise).groups[0].draw.value
        #expect((next .!= first).allTrue())
    }
}
