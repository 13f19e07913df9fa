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
        func trace(_ classes: [Int]) -> Trace { model.trace(x, classes: classes, samples: 2, seed: 2) }
        let one = trace([0, 1, 2, 3])
        let other = trace([0, 2, 1, 3])
        for (change, name) in [
            (one.sites[0].value - other.sites[0].value, "the draw"),
            ((one.logLikelihood - other.logLikelihood).expanded(at: -1), "the likelihood"),
            ((one.sites[0].logPrior - other.sites[0].logPrior).expanded(at: -1), "the prior"),
        ] {
            let isSame = (change .== 0).converted(to: .float32).mean(along: 0, -1).array(of: Double.self)
            #expect(isSame[0] == 1 && isSame[3] == 1, "\(name) of the same class")
            #expect(isSame[1] < 1 && isSame[2] < 1, "\(name) of another class")
        }
        let (_, gradients) = state.valueWithGradients {
            NegativeELBO().loss(of: trace([0, 1, 2, 3]), at: Moment())
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
        let trace = model.trace(.generation(2, classes: [2, 1], using: Generator(seed: 3)))
        let z = try trace.site().value
        #expect(z.shape == [1, 2, 3])
        #expect((z[0, 0] .< -50).allTrue() && (z[0, 1] .> 50).allTrue())
        #expect(trace.likelihood.shape == [1, 2, 1, 4, 6])
    }

    @Test("A model without classes takes no notice of them")
    func without() throws {
        let configuration = GaussianVAE.Configuration(exampleShape: [5])
        let model = try configuration.model()
        let x = configuration.examples(2)
        expectClose(model.trace(x, classes: [3, 1]).logWeights(), model.trace(x).logWeights())
    }

    @Test("A model of classes that is given none, or one too large, ends the program with what it lacks")
    func missing() async {
        let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = try ConditionalTests.configuration(.mlp(hidden: [4])).model()
            _ = model.trace(.zeros([2, 1, 4, 6]))
        }
        expectStandardError(of: none, says: ["a model of 4 classes was given none"])
        let tooLarge = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = try ConditionalTests.configuration(.mlp(hidden: [4])).model()
            _ = model.trace(.zeros([2, 1, 4, 6]), classes: [4, 0])
        }
        expectStandardError(of: tooLarge, says: ["a model of 4 classes was given [4, 0]"])
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
