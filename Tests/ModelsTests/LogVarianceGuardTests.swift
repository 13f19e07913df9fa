import Bounds
import Foundation
import Layers
import Models
import Probability
import Tensors
import TestSupport
import Testing

@Suite("The guard on the posterior's log-variance")
struct LogVarianceGuardTests {
    /// What the encoder's head may put out: within ±10, just beyond, and as far as a network can stray.
    static let outputs = [-1e30, -1e6, -30, -10.5, -9.75, -1, 0, 3, 9.75, 10.5, 30, 1e6, 1e30]

    /// How far an output lies beyond ±10.
    static func excess(_ output: Double) -> Double { max(0, abs(output) - 10) }

    /// A model whose posterior has, for every x, the mean zero and log-variances made from `outputs`.
    static func model() throws -> GaussianVAE {
        let configuration = GaussianVAE.Configuration(
            exampleShape: [2], latents: outputs.count, network: .mlp(hidden: [3]))
        let model = try configuration.model()
        let state = ModuleState(model)
        try state.parameter("encoder.head.weight").value.copy(from: Tensor(0))
        let bias = outputs.map { _ in 0.0 } + outputs
        try state.parameter("encoder.head.bias").value.copy(from: Tensor(bias))
        return model
    }

    /// The tolerance is for float32, which has seven digits.
    @Test("It is the identity within ±10 and grows as a logarithm beyond, so that the variance stays finite")
    func values() throws {
        let model = try Self.model()
        let posterior = try gaussian(model.posterior(of: .ones([2, 2])))
        let expected = Self.outputs.map { output in
            let excess = Self.excess(output)
            return excess == 0 ? output : (output < 0 ? -1 : 1) * (10 + log1p(excess))
        }
        expectClose(
            posterior.logVariance, Tensor(expected).broadcast(to: [2, expected.count]), relative: 1e-6)
        expectClose(posterior.mean, .zeros([2, expected.count]))
        #expect((posterior.logVariance.exp() .> 0).allTrue())
        let rate = try #require(posterior.klDivergence(to: model.prior))
        #expect(rate.isFinite().allTrue())
    }

    @Test("A gradient of 1 / (1 + excess) is left beyond, so that a unit which strayed comes back")
    func gradients() throws {
        let model = try Self.model()
        let state = ModuleState(model)
        let found = try state.valueWithGradients {
            try gaussian(model.posterior(of: .ones([1, 2]))).variance.log().sum()
        }
        let place = try #require(state.parameters.firstIndex { $0.key == "encoder.head.bias" })
        let units = Self.outputs.count
        let expected = Self.outputs.map { 1 / (1 + Self.excess($0)) }
        expectClose(
            found.gradients[place].sliced(along: 0, from: units, to: 2 * units), Tensor(expected),
            relative: 1e-5)
    }

    @Test(
        "An encoder blown up a million times leaves bounds and gradients finite",
        arguments: networks(for: [1, 9, 12]), likelihoods)
    func blownUp(_ network: any NetworkRecipe, _ likelihood: any LikelihoodRecipe) throws {
        let configuration = GaussianVAE.Configuration(
            exampleShape: [1, 9, 12], latents: 24, network: network, likelihood: likelihood)
        let model = try configuration.model()
        let state = ModuleState(model)
        for key in ["encoder.head.weight", "encoder.head.bias"] {
            try state.parameter(key).value.multiply(by: 1e6)
        }
        let x = configuration.examples(4)
        // Log-variances are beyond the guard on both sides, or there is nothing to see.
        let logVariance = try gaussian(model.posterior(of: x)).variance.log()
        #expect((logVariance .> 10).anyTrue())
        #expect((logVariance .< -10).anyTrue())

        var noise = Generator(seed: 5)
        var bound: Bound?
        let (loss, gradients) = state.valueWithGradients {
            let parts = model.terms(for: x, samples: 2, using: &noise).bound()
            bound = parts
            return NegativeELBO().loss(of: parts, atStep: 0)
        }
        let parts = try #require(bound)
        #expect(loss.scalar().isFinite)
        #expect(parts.distortion.isFinite().allTrue())
        #expect(parts.rate.isFinite().allTrue())
        for (entry, gradient) in zip(state.parameters, gradients) {
            #expect(gradient.isFinite().allTrue(), "\(entry.key)")
        }
        #expect(gradients.globalNorm().scalar().isFinite)
    }

    /// The posterior of a model that has the plain family of them.
    func gaussian(_ posterior: any Posterior) throws -> DiagonalGaussian {
        try #require(posterior as? DiagonalGaussian)
    }
}
