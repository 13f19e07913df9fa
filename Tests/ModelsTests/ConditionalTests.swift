import Bounds
import Layers
import Models
import Probability
import Settings
import Tensors
import TestSupport
import Testing

@Suite("A Gaussian VAE that is told classes")
struct ConditionalTests {
    static let networks: [any NetworkRecipe] = [
        .mlp(hidden: [7]), .gated(hidden: [6]), .convolutional(channels: [3], features: 5),
    ]

    static func configuration(_ network: any NetworkRecipe) -> GaussianVAE.Configuration {
        .init(
            exampleShape: [1, 4, 6], latents: 3, network: network, prior: .learned, classes: 4)
    }

    @Test("Encoder, prior and decoder depend on the class, with gradients everywhere", arguments: networks)
    func classes(_ network: any NetworkRecipe) throws {
        let configuration = Self.configuration(network)
        let model = try configuration.model()
        let state = ModuleState(model)
        // The classes' priors begin equal.
        var generator = Generator(seed: 1)
        for (_, parameter) in state.parameters {
            parameter.value = parameter.value + generator.normal(parameter.value.shape) * 0.2
        }
        let x = configuration.examples(4)
        func terms(_ classes: [Int]) -> Terms {
            var noise = Generator(seed: 2)
            return model.given(classes).terms(for: x, samples: 2, using: &noise)
        }
        let one = terms([0, 1, 2, 3])
        let other = terms([0, 2, 1, 3])
        for (change, name) in [
            (one.groups[0].draw.value - other.groups[0].draw.value, "the draw"),
            ((one.logLikelihood - other.logLikelihood).expanded(at: -1), "the likelihood"),
            ((one.groups[0].logPrior - other.groups[0].logPrior).expanded(at: -1), "the prior"),
        ] {
            let isSame = (change .== 0).converted(to: .float32).mean(along: 0, -1).array(of: Double.self)
            #expect(isSame[0] == 1 && isSame[3] == 1, "\(name) of the same class")
            #expect(isSame[1] < 1 && isSame[2] < 1, "\(name) of another class")
        }
        let (_, gradients) = state.valueWithGradients {
            NegativeELBO().loss(of: terms([0, 1, 2, 3]).bound(), atStep: 0)
        }
        for (entry, gradient) in zip(state.parameters, gradients) {
            #expect((gradient .!= 0).anyTrue(), "\(entry.key)")
        }
    }

    @Test("Draws of a class come from its prior, and decode to examples")
    func generation() throws {
        let model = try Self.configuration(.mlp(hidden: [7])).model()
        let state = ModuleState(model)
        try state.parameter("priorModel.mean").value = Tensor([0, 100, -100, 0]).converted(to: .float32)
            .expanded(at: 1).broadcast(to: [4, 3]).contiguous()
        var noise = Generator(seed: 3)
        let given = model.given([2, 1])
        let z = given.sampleLatents(2, using: &noise)[0]
        #expect(z.shape == [2, 3])
        #expect((z[0] .< -50).allTrue() && (z[1] .> 50).allTrue())
        #expect(given.likelihood(of: [z]).centre.shape == [2, 1, 4, 6])
    }

    @Test("A model without classes takes no notice of them")
    func without() throws {
        let model = try GaussianVAE.Configuration(exampleShape: [5]).model()
        #expect(model.given([3, 1]) === model)
        #expect(model.given(nil) === model)
    }

    @Test("What cannot be told classes is refused")
    func refusal() {
        var configuration = Self.configuration(.mlp(hidden: [4]))
        configuration.prior = .vamp(components: 3)
        #expect(throws: SettingsError.self) { try configuration.validate() }
        configuration = Self.configuration(.residual(channels: [4], blocks: 0))
        configuration.latents = 6
        #expect(throws: SettingsError.self) { try configuration.validate() }
    }
}
