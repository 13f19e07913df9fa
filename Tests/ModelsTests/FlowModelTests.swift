import Bounds
import Flows
import Foundation
import Layers
import Models
import Probability
import Settings
import Tensors
import TestSupport
import Testing

@Suite("Flows as models")
struct FlowModelTests {
    static let configurations = [
        FlowModel.Configuration(
            exampleShape: [1, 4, 8], architecture: realNVP(levels: 2, mixing: .learned),
            dequantization: .uniform),
        FlowModel.Configuration(
            exampleShape: [3, 4, 2], architecture: realNVP(levels: 1, mixing: .permutation),
            dequantization: .variational),
        FlowModel.Configuration(
            exampleShape: [5], architecture: .maskedAutoregressive(layers: 3, hidden: [7])),
        FlowModel.Configuration(
            exampleShape: [4], architecture: .maskedAutoregressive(layers: 2, hidden: [7]),
            dequantization: .variational),
    ]

    static func realNVP(levels: Int, mixing: ImageRealNVP.Mixing) -> any FlowArchitecture {
        .realNVP(levels: levels, steps: 2, features: 6, mixing: mixing)
    }

    static func model(_ configuration: FlowModel.Configuration, seed: UInt64 = 1) throws -> FlowModel {
        var generator = Generator(seed: seed)
        return try FlowModel(configuration, using: &generator)
    }

    /// Levels for a model that takes noise, real numbers for one that does not.
    static func examples(_ count: Int, for configuration: FlowModel.Configuration) -> Tensor {
        var generator = Generator(seed: 7)
        let shape = [count] + configuration.exampleShape
        return configuration.dequantization == .none
            ? generator.normal(shape) : (generator.uniform(shape) * 255.99).roundedDown() / 255
    }

    @Test("A trace has the shapes stated, and every parameter takes part", arguments: configurations)
    func trace(_ configuration: FlowModel.Configuration) throws {
        let model = try Self.model(configuration)
        let state = ModuleState(model)
        // Away from the beginning, at which some gradients vanish.
        var generator = Generator(seed: 2)
        for (_, parameter) in state.parameters {
            parameter.value = parameter.value + generator.normal(parameter.value.shape) * 0.1
        }
        let x = Self.examples(6, for: configuration)
        let (_, gradients) = state.valueWithGradients {
            let trace = model.trace(x, samples: 2, seed: 3)
            #expect(
                trace.sites.map(\.name) == (configuration.dequantization == .none ? ["z"] : ["noise", "z"]))
            #expect(trace.latents.isEmpty)
            #expect(trace.logWeights().shape == [2, 6])
            #expect(trace.logWeights().isFinite().allTrue())
            return NegativeELBO().loss(of: trace, at: Moment())
        }
        for (entry, gradient) in zip(state.parameters, gradients) {
            #expect(gradient.isFinite().allTrue(), "\(entry.key)")
            #expect((gradient .!= 0).anyTrue(), "\(entry.key)")
        }
    }

    @Test("The code of an example leads back to it", arguments: configurations)
    func reconstruction(_ configuration: FlowModel.Configuration) throws {
        let model = try Self.model(configuration)
        let x = Self.examples(6, for: configuration)
        let code = try model.reconstruction(x).site()
        #expect(code.value.shape == [1, 6] + configuration.exampleShape)
        #expect(code.posterior == nil)
        expectClose(try model.decoded(code.value[0]).centre[0], x, absolute: 1e-4)
        var noise = Generator(seed: 4)
        let samples = model.trace(.generation(3, using: noise)).likelihood.sample(using: &noise)
        #expect(samples.shape == [1, 3] + configuration.exampleShape)
    }

    @Test(
        "log p(x) is that of N(0, I) through the flow, and one walk or several agree",
        arguments: configurations)
    func density(_ configuration: FlowModel.Configuration) throws {
        let model = try Self.model(configuration)
        let trace = model.trace(Self.examples(4, for: configuration), samples: 3)
        let z = try trace.site()
        let logDeterminant = try Self.logDeterminant(of: z)
        #expect(z.value.shape == [3, 4] + configuration.exampleShape)
        let logNoise = configuration.dequantization == .none ? nil : try trace.site("noise").logPosterior
        let constant = configuration.dequantization == .none ? 0 : Double(configuration.dimensions) * log(256)
        let density =
            DiagonalGaussian.standard(configuration.exampleShape).logProbability(of: z.value) + logDeterminant
            - constant
        expectClose(
            trace.logWeights(), logNoise.map { density - $0 } ?? density, relative: 1e-5, absolute: 1e-3)
        expectClose(trace.bound.elbo, trace.logWeights().mean(along: 0), relative: 1e-5, absolute: 1e-3)
    }

    static func logDeterminant(of site: Site) throws -> Tensor {
        let found: Tensor? = if case .exact(let logDeterminant) = site.role { logDeterminant } else { nil }
        return try #require(found, "\(site.name) is not the latent of a flow")
    }

    @Test("Its cost is a distortion, to which uniform noise adds nothing, and other noise its density")
    func noise() throws {
        for configuration in Self.configurations where configuration.dequantization != .none {
            let model = try Self.model(configuration)
            let trace = model.trace(Self.examples(4, for: configuration), samples: 3, seed: 5)
            let noise = try trace.site("noise")
            #expect((noise.value .>= 0).allTrue() && (noise.value .< 1).allTrue())
            let bound = trace.bound
            #expect(bound.rates.isEmpty)
            let z = try trace.site()
            let density = trace.logLikelihood + z.logPrior + (try Self.logDeterminant(of: z))
            let rest = bound.distortion + density.mean(along: 0)
            if configuration.dequantization == .uniform {
                expectClose(rest, Tensor(zerosLike: rest), absolute: 1e-4)
            } else {
                expectClose(rest, noise.logPosterior.mean(along: 0), absolute: 1e-3)
            }
        }
    }

    /// One pixel of two levels by the whole model: the constant of the levels and the logit's slope together.
    @Test("The probabilities of all levels add up to one")
    func total() throws {
        let configuration = FlowModel.Configuration(
            exampleShape: [2], architecture: .maskedAutoregressive(layers: 1, hidden: [4]),
            dequantization: .uniform)
        let model = try Self.model(configuration)
        let levels = Tensor.range(to: 256) / 255
        // Both values on a grid of 32 × 32 levels, each for the eight by which they stand apart.
        let few = levels.reshaped([32, 8])[.from(0), 4]
        let x = Tensor.stacked(
            [few.expanded(at: 1).broadcast(to: [32, 32]), few.broadcast(to: [32, 32])], along: -1
        ).reshaped([1024, 2])
        let trace = model.trace(x, samples: 400, seed: 6)
        let probabilities = (trace.logWeights().logSumExp(along: 0) - log(400)).exp()
        // Noise in the bin, and steps of eight levels in a density that bends over them, leave a percent.
        expectClose((probabilities.sum() * 64).scalar(), 1, absolute: 0.02)
    }

    static let refused: [(String, FlowModel.Configuration)] = [
        ("kind", .init(exampleShape: [8], architecture: realNVP(levels: 1, mixing: .learned))),
        ("levels", .init(exampleShape: [1, 6, 8], architecture: realNVP(levels: 2, mixing: .learned))),
        ("levels", .init(exampleShape: [1, 6, 8], architecture: realNVP(levels: 0, mixing: .learned))),
        (
            "layers",
            .init(exampleShape: [3], architecture: .maskedAutoregressive(layers: 0, hidden: [4]))
        ),
        ("hidden", .init(exampleShape: [3], architecture: .maskedAutoregressive(layers: 1, hidden: []))),
        (
            "exampleShape",
            .init(exampleShape: [], architecture: .maskedAutoregressive(layers: 1, hidden: [4]))
        ),
    ]

    @Test("What describes no flow is refused with the field and what is allowed", arguments: refused)
    func refusal(field: String, configuration: FlowModel.Configuration) throws {
        let error = try #require(#expect(throws: SettingsError.self) { try Self.model(configuration) })
        #expect("\(error)".hasPrefix("\(field) is "))
    }

    @Test("A recipe comes back from JSON as it was, with the settings of its architecture inline")
    func roundTrip() throws {
        let recipe = FlowRecipe(
            exampleShape: [5], architecture: MaskedAutoregressiveArchitecture(layers: 3, hidden: [7]),
            dequantization: .variational)
        #expect(
            recipe.json == [
                "kind": "maf", "exampleShape": [5], "layers": 3, "hidden": [7],
                "dequantization": "variational",
            ])
        #expect(try FlowRecipe(recipe.json) == recipe)
        let couplings = FlowRecipe(
            exampleShape: [1, 4, 8],
            architecture: RealNVPArchitecture(levels: 2, steps: 2, features: 6, mixing: .permutation))
        #expect(try FlowRecipe(couplings.json) == couplings)
    }
}
