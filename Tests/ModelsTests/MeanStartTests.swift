import Foundation
import Layers
import Models
import Settings
import Tensors
import TestSupport
import Testing

@Suite("A decoder that begins at the mean")
struct MeanStartTests {
    @Test(
        "The last bias is the logit of the mean, kept from the ends",
        arguments: [.mlp(hidden: [7, 5]), .gated(hidden: [5])] as [any NetworkRecipe])
    func bias(_ network: any NetworkRecipe) throws {
        let model = try GaussianVAE.Configuration(exampleShape: [1, 2, 2], latents: 2, network: network)
            .model()
        try model.startDecoder(atMean: Tensor([Float(0), 0.25, 0.5, 1], shape: [1, 2, 2]))
        let biases = ModuleState(model).parameters.filter {
            $0.key.hasPrefix("decoder.") && $0.key.hasSuffix(".bias") && $0.parameter.value.shape == [4]
        }
        try #require(biases.count == 1)
        expectClose(
            biases[0].parameter.value.array(), [-log(999), -log(3), 0, log(999)], relative: 1e-4,
            absolute: 1e-6)
    }

    @Test(
        "Other likelihoods and convolutions are refused",
        arguments: [
            GaussianVAE.Configuration(exampleShape: [4], likelihood: .gaussian(variance: .learned)),
            GaussianVAE.Configuration(
                exampleShape: [1, 4, 4], network: .convolutional(channels: [2], features: 3)),
        ])
    func refusal(_ configuration: GaussianVAE.Configuration) throws {
        let model = try configuration.model()
        let mean = Tensor(repeating: 0.5, shape: configuration.exampleShape)
        #expect(throws: SettingsError.self) { try model.startDecoder(atMean: mean) }
    }
}
