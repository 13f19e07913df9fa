import Flows
import Foundation
import Layers
import Probability
import TestSupport
import Tensors
import Testing

/// A bijector of images with the shape of one.
struct ImageInstance: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let shape: [Int]
    let make: @Sendable (inout Generator) -> any Bijector
}

@Suite("Bijectors of images")
struct ImageBijectorTests {
    static let instances = [
        ImageInstance(testDescription: "squares of pixels as channels", shape: [4, 2, 3]) { _ in Squeeze() },
        ImageInstance(testDescription: "channels in another order", shape: [3, 1, 2]) {
            ChannelShuffle(channels: 3, using: &$0)
        },
        ImageInstance(testDescription: "a coupling of channels", shape: [3, 2, 2]) {
            AffineCoupling(channels: 3, features: 5, keepsFirst: false, using: &$0)
        },
        ImageInstance(testDescription: "mixed channels", shape: [4, 2, 1]) {
            ChannelMixing(channels: 4, using: &$0)
        },
        ImageInstance(testDescription: "scaled channels", shape: [3, 2, 2]) { _ in
            ActNorm(channels: 3, eventRank: 3)
        },
        ImageInstance(testDescription: "one level", shape: [1, 2, 4]) {
            ImageRealNVP(
                channels: 1, levels: 1, steps: 2, features: 4, mixing: .permutation, using: &$0)
        },
        ImageInstance(testDescription: "two levels", shape: [1, 4, 4]) {
            ImageRealNVP(channels: 1, levels: 2, steps: 2, features: 4, mixing: .learned, using: &$0)
        },
    ]

    @Test("Both directions, the Jacobian and the shapes agree with one another", arguments: instances)
    func laws(of instance: ImageInstance) {
        var generator = Generator(seed: 3)
        let bijector = instance.make(&generator)
        if let module = bijector as? any Module {
            for (_, parameter) in ModuleState(module).parameters {
                parameter.value = generator.normal(parameter.value.shape, dtype: .float64) * 0.3
            }
        }
        // Squeezing changes the shape, so that its inverse takes images of another.
        let x = generator.normal([5] + instance.shape, dtype: .float64)
        if bijector is Squeeze {
            let y = bijector.forward(x).value
            #expect(y.shape == [5, 1, 4, 6])
            expectClose(bijector.inverse(y).value, x, absolute: 0)
        } else {
            checkBijector(bijector, at: x)
        }
    }

    @Test("A square's corners become groups of channels, row by row")
    func corners() {
        let image = Tensor.range(to: 16, dtype: .float64).reshaped([1, 1, 4, 4])
        let squeezed = Squeeze().inverse(image).value
        #expect(squeezed.shape == [1, 4, 2, 2])
        #expect(squeezed.array(of: Int.self) == [0, 2, 8, 10, 1, 3, 9, 11, 4, 6, 12, 14, 5, 7, 13, 15])
    }

    // Twelve couplings whose scales all reach their limit of e^1.5 multiply what float32 rounds by e^18, and with weights
    // spread by 0.05 the way back misses by 0.7. These are spread as far as a trained flow's, whose error
    // `vae evaluate` prints.
    @Test("In float32 a flow of three levels leads back within ten standard deviations")
    func singlePrecision() {
        var generator = Generator(seed: 5)
        let flow = ImageRealNVP(
            channels: 3, levels: 3, steps: 4, features: 16, mixing: .learned, using: &generator)
        for (_, parameter) in ModuleState(flow).parameters {
            parameter.value = parameter.value + generator.normal(parameter.value.shape) * 0.02
        }
        let x = (generator.uniform([20, 3, 16, 16]) - 0.5) * 20
        expectClose(flow.forward(flow.inverse(x).value).value, x, absolute: 1e-4)
        expectClose(flow.inverse(flow.forward(x).value).value, x, absolute: 1e-4)
    }

    @Test("The first batch in training sets an actnorm, once; its values are kept in a checkpoint")
    func initialization() throws {
        var generator = Generator(seed: 6)
        let norm = ActNorm(channels: 2, eventRank: 3)
        let state = ModuleState(norm)
        let x = generator.normal([50, 2, 4, 4]) * 3 + 7
        expectClose(norm.inverse(x).value, x, absolute: 0, "out of training it is the identity at first")
        state.setTraining(true)
        let first = norm.inverse(x).value
        expectClose(first.mean(along: 0, 2, 3), .zeros([2]), absolute: 1e-5)
        expectClose(first.variance(along: 0, 2, 3, isUnbiased: false), .ones([2]), absolute: 1e-5)
        let other = norm.inverse(x * 2)
        state.setTraining(false)
        expectClose(norm.inverse(x * 2).value, other.value, absolute: 0, "the second batch changes nothing")

        let copy = ActNorm(channels: 2, eventRank: 3)
        let copied = ModuleState(copy)
        try copied.load(Dictionary(uniqueKeysWithValues: state.tensors.map { ($0.key, $0.tensor) }))
        copied.setTraining(true)
        expectClose(copy.inverse(x).value, first, absolute: 0, "a resumed one is set already")
    }

    /// With q(z | x) = N(f⁻¹(x), s² I) and p(x | z) = N(f(z), s² J Jᵀ) for the Jacobian J of f at z, the infinite
    /// densities of s → 0 cancel.
    @Test("The likelihood of a flow is the ELBO of a VAE whose encoder and decoder are nearly point masses")
    func pointMasses() {
        var generator = Generator(seed: 7)
        let flow = CouplingFlow.affine(size: 3, layers: 4, hidden: [8], using: &generator)
        for (_, parameter) in ModuleState(flow).parameters {
            parameter.value = generator.normal(parameter.value.shape, dtype: .float64) * 0.4
        }
        let base = DiagonalGaussian.standard(3, dtype: .float64)
        let x = generator.normal([6, 3], dtype: .float64)
        let s = 1e-6
        let encoder = DiagonalGaussian(
            mean: flow.inverse(x).value,
            logVariance: Tensor(repeating: 2 * log(s), shape: [3], dtype: .float64))
        let z = encoder.sample(using: &generator)
        let jacobian = Tensor.stacked(
            (0..<3).map { place in
                gradient(at: z) { flow.forward($0).value.selected(place, along: -1).sum() }
            }, along: -2)
        let decoder = FullGaussian(
            mean: flow.forward(z).value, factor: jacobian.matmul(jacobian.transposed()).cholesky() * s)
        let elbo =
            base.logProbability(of: z) + decoder.logProbability(of: x) - encoder.logProbability(of: z)
        let exact = TransformedDistribution(base, by: flow).logProbability(of: x)
        expectClose(elbo, exact, absolute: 1e-4)
    }
}
