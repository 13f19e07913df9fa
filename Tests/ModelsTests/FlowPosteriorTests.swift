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
        let trace = model.trace(configuration.examples(2), samples: 6, seed: 5)
        let site = try trace.site()
        let logPosterior = try #require(site.draw.logProbability)
        #expect(logPosterior.shape == [6, 2])
        expectClose(trace.bound.rate, (logPosterior - site.logPrior).mean(along: 0))
    }

    /// The tolerance is for float32, through two layers there and back.
    @Test("The log density of an autoregressive draw is the one that its inverse finds")
    func inverse() throws {
        let configuration = GaussianVAE.Configuration(
            exampleShape: [6], latents: 5, network: .mlp(hidden: [7]),
            posterior: .autoregressive(layers: 2, hidden: [8]))
        let model = try configuration.model()
        let site = try model.trace(configuration.examples(3), samples: 4, seed: 6).site()
        let found = try #require(site.draw.logProbability)
        let posterior = try #require(site.posterior)
        expectClose(found, posterior.logProbability(of: site.value), absolute: 1e-4)
    }

    /// The layers' numbers are the encoder's: blown up, they move what the Gaussian in front of them leaves the same.
    @Test("What the encoder says of the layers moves the draws", arguments: flows)
    func amortization(_ configuration: GaussianVAE.Configuration) throws {
        let model = try configuration.model()
        let state = ModuleState(model)
        let x = configuration.examples(2)
        func draws() throws -> Tensor { try model.trace(x, samples: 3, seed: 7).site().value }
        let before = try draws()
        for key in ["encoder.head.weight", "encoder.head.bias"] {
            let value = try state.parameter(key).value
            let ofLayers = value.sliced(along: 0, from: 2 * configuration.latents, to: value.size(along: 0))
            ofLayers.multiply(by: 20)
        }
        let after = try draws()
        #expect((after .!= before).anyTrue())
        #expect(after.isFinite().allTrue())
    }
}
