import Bounds
import Layers
import Models
import Tensors
import Testing

@Suite("Gradients of the Gaussian VAE")
struct GradientTests {
    /// A layer left out of the way from x to the loss, or a history cut on it, leaves zeros behind.
    @Test("Every parameter takes part in the loss", arguments: GaussianVAE.Configuration.all)
    func everyParameter(_ configuration: GaussianVAE.Configuration) throws {
        let model = try configuration.model()
        let state = ModuleState(model)
        let x = configuration.examples(8)
        var noise = Generator(seed: 4)
        let (loss, gradients) = state.valueWithGradients {
            NegativeELBO().loss(of: model.terms(for: x, using: &noise).bound(), atStep: 0)
        }
        #expect(loss.scalar().isFinite)
        #expect(gradients.count == state.parameters.count)
        for (entry, gradient) in zip(state.parameters, gradients) {
            #expect(gradient.shape == entry.parameter.value.shape, "\(entry.key)")
            #expect(gradient.isFinite().allTrue(), "\(entry.key)")
            #expect((gradient .!= 0).anyTrue(), "\(entry.key)")
        }
    }

    @Test("Each side of z has parameters of its own", arguments: networks(for: [1, 8, 8]))
    func sides(_ network: any NetworkRecipe) throws {
        let configuration = GaussianVAE.Configuration(exampleShape: [1, 8, 8], network: network)
        let model = try configuration.model()
        let keys = ModuleState(model).parameters.map(\.key)
        for prefix in ["encoder.hidden.", "encoder.head.", "decoder.hidden."] {
            #expect(keys.contains { $0.hasPrefix(prefix) }, "\(prefix)")
        }
        #expect(keys.allSatisfy { $0.hasPrefix("encoder.") || $0.hasPrefix("decoder.") })
    }
}
