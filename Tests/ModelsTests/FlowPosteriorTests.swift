import Bounds
import Layers
import Models
import Probability
import Tensors
import TestSupport
import Testing

@Suite("Posteriors that are a flow")
struct FlowPosteriorTests {
    static let flows = GaussianVAE.Configuration.all.filter {
        !$0.posterior.hasQuickDensity && !$0.posterior.isDeterministic
    }

    @Test("A draw knows its log density, and the rate is found from it", arguments: flows)
    func rate(_ configuration: GaussianVAE.Configuration) throws {
        let model = try configuration.model()
        var noise = Generator(seed: 5)
        let group = model.latentGroups(for: configuration.examples(2), samples: 6, using: &noise)[0]
        let logPosterior = try #require(group.draw.logProbability)
        #expect(logPosterior.shape == [6, 2])
        let terms = Terms(
            groups: [group], likelihood: model.likelihood(of: [group.draw.value]),
            examples: configuration.examples(2))
        expectClose(terms.bound().rate, (logPosterior - group.logPrior).mean(along: 0))
    }

    /// The tolerance is for float32, through two layers there and back.
    @Test("The log density of an autoregressive draw is the one that its inverse finds")
    func inverse() throws {
        let configuration = GaussianVAE.Configuration(
            exampleShape: [6], latents: 5, network: .mlp(hidden: [7]),
            posterior: .autoregressive(layers: 2, hidden: [8]))
        let model = try configuration.model()
        let posterior = model.posterior(of: configuration.examples(3))
        var noise = Generator(seed: 6)
        let draw = posterior.draw([4], using: &noise)
        let found = try #require(draw.logProbability)
        expectClose(found, posterior.logProbability(of: draw.value), absolute: 1e-4)
    }

    /// The layers' numbers are the encoder's: blown up, they move what the Gaussian in front of them leaves the same.
    @Test("What the encoder says of the layers moves the draws", arguments: flows)
    func amortization(_ configuration: GaussianVAE.Configuration) throws {
        let model = try configuration.model()
        let state = ModuleState(model)
        let x = configuration.examples(2)
        func draws() -> Tensor {
            var noise = Generator(seed: 7)
            return model.posterior(of: x).draw([3], using: &noise).value
        }
        let before = draws()
        for key in ["encoder.head.weight", "encoder.head.bias"] {
            let value = try state.parameter(key).value
            let ofLayers = value.sliced(along: 0, from: 2 * configuration.latents, to: value.size(along: 0))
            ofLayers.multiply(by: 20)
        }
        let after = draws()
        #expect((after .!= before).anyTrue())
        #expect(after.isFinite().allTrue())
    }
}
