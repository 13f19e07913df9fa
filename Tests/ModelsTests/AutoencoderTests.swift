import Bounds
import Foundation
import Layers
import Models
import Probability
import Settings
import Tensors
import TestSupport
import Testing

@Suite("The autoencoder, the limit of a VAE")
struct AutoencoderTests {
    static func configuration(_ posterior: any PosteriorRecipe, prior: any PriorRecipe)
        -> GaussianVAE.Configuration
    {
        .init(exampleShape: [6], latents: 3, network: .mlp(hidden: [8]), prior: prior, posterior: posterior)
    }

    /// The same networks, the posterior's variances at e⁻¹⁰, the least there is, which moves the loss by far less than 1e-2.
    @Test("Its loss is the distortion of a VAE whose posterior has nearly no variance")
    func limit() throws {
        let autoencoder = try Self.configuration(.deterministic, prior: .none).model()
        let vae = try Self.configuration(.diagonal(), prior: .standard).model()
        let state = ModuleState(vae)
        let own = ModuleState(autoencoder)
        for (key, parameter) in state.parameters where !key.hasPrefix("encoder.head") {
            parameter.value.copy(from: try own.parameter(key).value)
        }
        // Means first, then log-variances of −1000, which the guard holds at its least.
        let head = try own.parameter("encoder.head.weight").value
        try state.parameter("encoder.head.weight").value.copy(
            from: Tensor.concatenated([head, Tensor(zerosLike: head)], along: 0))
        let bias = try own.parameter("encoder.head.bias").value
        try state.parameter("encoder.head.bias").value.copy(
            from: Tensor.concatenated([bias, Tensor(repeating: -1000, shape: [3])], along: 0))
        let x = Self.configuration(.deterministic, prior: .none).examples(5)
        var noise = Generator(seed: 1)
        let bound = autoencoder.terms(for: x, using: &noise).bound()
        let limit = vae.terms(for: x, samples: 100, using: &noise).bound()
        expectClose(bound.distortion, limit.distortion, absolute: 1e-2)
        expectClose(bound.rate, .zeros([5]), absolute: 0)
        expectClose(bound.elbo, -bound.distortion, absolute: 0)
    }

    @Test("It has no latent group and no prior; its code is z itself")
    func parts() throws {
        let configuration = Self.configuration(.deterministic, prior: .none)
        let model = try configuration.model()
        let x = configuration.examples(4)
        var noise = Generator(seed: 2)
        let terms = model.terms(for: x, samples: 2, using: &noise)
        #expect(terms.groups.isEmpty)
        #expect(terms.logLikelihood.shape == [2, 4])
        let code = model.code(of: x)
        #expect(code.variance == nil)
        expectClose(model.likelihood(of: [code.centre]).logProbability(of: x), terms.logLikelihood[0])
        #expect(throws: SettingsError.self) {
            try Self.configuration(.diagonal(), prior: .none).validate()
        }
    }

    @Test("With a prior its rate is −log p(z), the encoder's density left out")
    func rate() throws {
        let configuration = Self.configuration(.deterministic, prior: .standard)
        let model = try configuration.model()
        let x = configuration.examples(4)
        var noise = Generator(seed: 3)
        let rate = model.terms(for: x, using: &noise).bound().rate
        let z = model.code(of: x).centre
        expectClose(rate, -DiagonalGaussian.standard(3).logProbability(of: z), absolute: 1e-5)
    }
}
