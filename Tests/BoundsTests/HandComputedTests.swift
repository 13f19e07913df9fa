import Bounds
import Foundation
import Probability
import Tensors
import TestSupport
import Testing

/// One example, one latent, two draws: small enough for pencil and paper.
///
/// q = N(1, 1), p(z) = N(0, 1), p(x | z) = N(z, 1), x = 1, draws z = 0 and 1, and c = ½ log 2π:
/// log p(x | z) = −c − ½ and −c; log p(z) = −c and −c − ½; log q(z) = −c − ½ and −c.
@Suite("A bound by hand")
struct HandComputedTests {
    static let c = 0.5 * log(2 * Double.pi)

    static func gaussian(_ mean: Tensor) -> DiagonalGaussian {
        DiagonalGaussian(mean: mean, logVariance: Tensor(0, dtype: .float64))
    }

    let terms = Terms(
        groups: [
            LatentGroup(
                name: "z", posterior: gaussian(Tensor([1.0], shape: [1, 1])), prior: gaussian(Tensor([0.0])),
                draw: Draw(Tensor([0.0, 1.0], shape: [2, 1, 1])))
        ],
        likelihood: gaussian(Tensor([0.0, 1.0], shape: [2, 1, 1])),
        examples: Tensor([1.0], shape: [1, 1]))

    @Test("Likelihood and log weights at each draw")
    func weights() {
        let c = Self.c
        expectClose(terms.logLikelihood, Tensor([-c - 0.5, -c], shape: [2, 1]), relative: 1e-14)
        expectClose(terms.logWeights(), Tensor([-c, -c - 0.5], shape: [2, 1]), relative: 1e-14)
    }

    @Test("Distortion is the mean over draws; the rate is ½ in closed form and 0 from these draws")
    func bound() {
        let analytic = terms.bound()
        expectClose(analytic.distortion, Tensor([Self.c + 0.25]), relative: 1e-14)
        expectClose(analytic.rate, Tensor([0.5]), relative: 1e-14)
        expectClose(analytic.elbo, Tensor([-Self.c - 0.75]), relative: 1e-14)
        let sampled = terms.bound(rateEstimate: .monteCarlo)
        expectClose(sampled.distortion, analytic.distortion)
        expectClose(sampled.rate, Tensor([0.0]), absolute: 1e-14)
    }

    @Test("The importance-weighted bound is the log of the mean weight")
    func importanceWeighted() {
        let expected = -Self.c + log((1 + exp(-0.5)) / 2)
        expectClose(terms.importanceWeightedBound(), Tensor([expected]), relative: 1e-14)
    }

    @Test("A draw that knows its own density is believed")
    func drawWithDensity() {
        let group = LatentGroup(
            name: "z", posterior: terms.groups[0].posterior, prior: terms.groups[0].prior,
            draw: Draw(terms.groups[0].draw.value, logProbability: Tensor([-3.0, -4], shape: [2, 1])))
        let believing = Terms(groups: [group], likelihood: terms.likelihood, examples: terms.examples)
        let c = Self.c
        expectClose(
            believing.logWeights(), Tensor([-2 * c + 2.5, -2 * c + 3.5], shape: [2, 1]), relative: 1e-14)
        expectClose(
            believing.bound(rateEstimate: .monteCarlo).rate, Tensor([c - 3.25]), relative: 1e-14)
    }

    @Test("Without latents the rate is zero and the bound is log p(x)")
    func withoutLatents() {
        let plain = Terms(groups: [], likelihood: terms.likelihood, examples: terms.examples).bound()
        expectClose(plain.rate, Tensor([0.0]))
        expectClose(plain.elbo, -plain.distortion)
    }
}
