import Bounds
import Datasets
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
    static let x = Tensor([1.0], shape: [1, 1])
    static let z = Tensor([0.0, 1.0], shape: [2, 1, 1])

    static func model(_ posterior: any Distribution = x.unitGaussian) -> WrittenModel {
        WrittenModel { walk in
            walk.latent("z", prior: Tensor([0.0]).unitGaussian, posterior: posterior).unitGaussian
        }
    }

    let trace = model().trace(x, given: ["z": z])

    @Test("Likelihood and log weights at each draw")
    func weights() {
        let c = Self.c
        expectClose(trace.logLikelihood, Tensor([-c - 0.5, -c], shape: [2, 1]), relative: 1e-14)
        expectClose(trace.logWeights(), Tensor([-c, -c - 0.5], shape: [2, 1]), relative: 1e-14)
    }

    @Test("Distortion is the mean over draws; the rate is ½ in closed form and 0 from these draws")
    func bound() {
        let analytic = trace.bound
        expectClose(analytic.distortion, Tensor([Self.c + 0.25]), relative: 1e-14)
        expectClose(analytic.rate, Tensor([0.5]), relative: 1e-14)
        expectClose(analytic.elbo, Tensor([-Self.c - 0.75]), relative: 1e-14)
        let sampled = trace.bound(rateEstimate: .monteCarlo)
        expectClose(sampled.distortion, analytic.distortion)
        expectClose(sampled.rate, Tensor([0.0]), absolute: 1e-14)
    }

    @Test("The importance-weighted bound is the log of the mean weight")
    func importanceWeighted() {
        let expected = -Self.c + log((1 + exp(-0.5)) / 2)
        expectClose(trace.importanceWeightedBound(), Tensor([expected]), relative: 1e-14)
    }

    @Test("A draw that knows its own density is believed")
    func drawWithDensity() {
        let told = Told(draw: Draw(Self.z, logProbability: Tensor([-3.0, -4], shape: [2, 1])))
        let believing = Self.model(told).trace(Self.x, samples: 2)
        let c = Self.c
        expectClose(
            believing.logWeights(), Tensor([-2 * c + 2.5, -2 * c + 3.5], shape: [2, 1]), relative: 1e-14)
        expectClose(
            believing.bound(rateEstimate: .monteCarlo).rate, Tensor([c - 3.25]), relative: 1e-14)
        // Without a closed form the analytic rate is that of the draws.
        expectClose(believing.bound.rate, Tensor([c - 3.25]), relative: 1e-14)
    }

    @Test("Without latents the rate is zero and the bound is log p(x)")
    func withoutLatents() {
        let model = WrittenModel { _ in Tensor([0.0]).unitGaussian }
        let trace = model.trace(Self.x, samples: 3)
        expectClose(trace.bound.rate, Tensor([0.0]))
        #expect(trace.bound.rates.isEmpty)
        expectClose(trace.bound.elbo, Tensor([-Self.c - 0.5]), relative: 1e-14)
        expectClose(
            trace.logWeights(), Tensor([Double](repeating: -Self.c - 0.5, count: 3), shape: [3, 1]),
            relative: 1e-14)
    }
}

/// A distribution over one number that gives one draw, with its log density.
private struct Told: Reparameterized {
    let draw: Draw
    let eventRank = 1
    let shape = [1, 1]
    let dtype = DType.float64
    let isKnownEverywhere = false

    func logProbability(of x: Tensor) -> Tensor { fatalError("a draw's density is asked for elsewhere") }

    func draw(_ leading: [Int], using generator: inout Generator) -> Draw { draw }
}
