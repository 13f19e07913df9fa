import Probability
import Tensors
import TestSupport
import Testing

@Suite("Gradients through distributions")
struct GradientTests {
    static let mean = Tensor([0.7, -1.2, 0.0])
    static let logVariance = Tensor([-0.8, 0.3, 1.1])

    /// For f(z) = a z² + b z: E f = a (μ² + σ²) + b μ, so ∂μ = 2 a μ + b and ∂ log σ² = a σ².
    @Test(
        "Reparameterised gradients of E f(z) average to the closed form, f quadratic",
        arguments: [-1.5, 0, 2])
    func reparameterised(curvature a: Double) {
        let b = 0.6
        let draws = 20_000
        var generator = Generator(seed: 23)
        // Parameters of their own for each draw, so that each has a gradient of its own.
        let parameters = [Self.mean, Self.logVariance].map { $0.broadcast(to: [draws, 3]).copy() }
        let gradients = valueWithGradients(at: parameters) {
            let z = DiagonalGaussian(mean: $0[0], logVariance: $0[1]).draw([], using: &generator).value
            return (z.squared() * a + z * b).sum()
        }.gradients
        expectMean(ofDraws: gradients[0], is: Self.mean * (2 * a) + b, "∂μ")
        expectMean(ofDraws: gradients[1], is: Self.logVariance.exp() * a, "∂ log σ²")
    }

    @Test("A draw is μ + σ ε of the same noise, for any parameters")
    func noise() {
        var first = Generator(seed: 3)
        var second = first
        let standard = DiagonalGaussian.standard(3, dtype: .float64).draw([5], using: &first).value
        let draw = DiagonalGaussian(mean: Self.mean, logVariance: Self.logVariance).draw([5], using: &second)
        expectClose(draw.value, Self.mean + (Self.logVariance / 2).exp() * standard, relative: 1e-14)
        #expect(first == second)
    }

    @Test("Log densities, entropy and KL have the gradients of central differences")
    func differences() {
        let x = Tensor([0.1, 0.4, -2, 1, 0, 3], shape: [2, 3])
        let prior = DiagonalGaussian(mean: Tensor([0.2, 0, -1]), logVariance: Tensor(0.5, dtype: .float64))
        expectGradientsMatch(at: [Self.mean, Self.logVariance, x]) {
            DiagonalGaussian(mean: $0[0], logVariance: $0[1]).logProbability(of: $0[2])
        }
        expectGradientsMatch(at: [Self.mean, Self.logVariance]) {
            let q = DiagonalGaussian(mean: $0[0], logVariance: $0[1])
            return q.klDivergence(to: prior)! + q.entropy() * 0.5
        }
        expectGradientMatches(at: Self.mean) {
            Bernoulli(logits: $0, eventRank: 1).logProbability(of: Tensor([1.0, 0, 1]))
        }
    }

    @Test("Samples carry no history, whatever the parameters do")
    func samples() {
        var generator = Generator(seed: 1)
        let found = gradient(at: Self.mean) { mean in
            let gaussian = DiagonalGaussian(mean: mean, logVariance: Self.logVariance)
            let samples = [
                gaussian.sample([2], using: &generator),
                Bernoulli(logits: mean, eventRank: 1).sample([2], using: &generator),
            ]
            for sample in samples { #expect(!sample.requiresGradient) }
            return samples.reduce(mean.sum()) { $0 + $1.sum() }
        }
        expectClose(found, .ones([3], dtype: .float64))
    }
}
