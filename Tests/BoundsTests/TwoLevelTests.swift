import Bounds
import Foundation
import Layers
import Probability
import Tensors
import TestSupport
import Testing

/// Bounds where the second latent's posterior depends on the first's draw.
@Suite("Bounds of a top-down model of two latents")
struct TwoLevelTests {
    static let x = TwoLevelToy.x

    @Test("The toy's log p(x) is the integral of p(x | z) p(z)")
    func marginal() {
        let toy = TwoLevelToy()
        let z = NormalPlane.points.expanded(at: 1)
        let top = z[.all, .all, .range(0..<1)]
        // z₂ = a z₁ + s ε, so that both are standard on the plane.
        let bottom = toy.bottomPrior(top).mean + z[.all, .all, .range(1..<2)] * toy.innerVariance.squareRoot()
        let logWeights =
            toy.likelihood(top, bottom).logProbability(of: Self.x)
            + NormalPlane.probabilities.log().expanded(at: 1)
        expectClose(logWeights.logSumExp(along: 0), toy.exactLogLikelihood(of: Self.x), relative: 1e-9)
    }

    @Test("With the exact posteriors every weight of every draw is p(x)")
    func exactPosterior() {
        let toy = TwoLevelToy()
        let trace = toy.trace(Self.x, samples: 7)
        let exact = toy.exactLogLikelihood(of: Self.x)
        #expect(trace.sites.map(\.name) == ["top", "bottom"])
        expectClose(trace.logWeights(), exact.broadcast(to: [7, 5]), relative: 1e-12)
        expectClose(trace.bound(rateEstimate: .monteCarlo).elbo, exact, relative: 1e-12)
        expectClose(trace.importanceWeightedBound(), exact, relative: 1e-12)
    }

    @Test(
        "A closed-form rate is averaged over the draws of the latents before, and agrees with that of draws")
    func rates() throws {
        let trace = TwoLevelToy.off.trace(Self.x, samples: 20_000)
        let analytic = trace.bound(rateEstimate: .analytic).rates
        #expect(analytic.map(\.group) == ["top", "bottom"])
        for (site, group) in zip(trace.latents, analytic) {
            let posterior = try #require(site.posterior as? DiagonalGaussian)
            let prior = try #require(site.prior)
            let ofEach = try #require(posterior.klDivergence(to: prior))
            let isTop = site.name == "top"
            #expect(ofEach.shape == (isTop ? [5] : [20_000, 5]))
            #expect(site.dependsOnExamplesAlone == isTop)
            expectClose(group.rate, isTop ? ofEach : ofEach.mean(along: 0), relative: 1e-12)
            expectClose(try #require(site.unitRates), group.rate.expanded(at: 1), relative: 1e-12)
            // Draw by draw, as both depend on the same draws of the first.
            expectMean(
                ofDraws: site.logPosterior - site.logPrior - ofEach, is: .zeros([5], dtype: .float64),
                within: 4, "\(site.name)")
            expectMean(
                ofDraws: site.logPosterior - site.logPrior, is: group.rate, within: 4, "\(site.name)")
        }
    }

    @Test("The ELBO lies below log p(x) by KL(q ‖ posterior)", arguments: RateEstimate.allCases)
    func gap(_ estimate: RateEstimate) {
        let toy = TwoLevelToy.off
        let trace = toy.trace(Self.x, samples: 20_000, rateEstimate: estimate)
        let exact = toy.exactLogLikelihood(of: Self.x)
        #expect(toy.gap > 0.1)
        expectMean(ofDraws: trace.logWeights(), is: exact - toy.gap, within: 4)
        #expect((trace.bound.elbo .< exact).allTrue())
        // What is averaged over draws, one draw's worth each.
        let perDraw =
            estimate == .monteCarlo
            ? trace.logWeights()
            : trace.logLikelihood
                - trace.latents.reduce(Tensor(0, dtype: .float64)) { sum, site in
                    sum + (site.posterior as! DiagonalGaussian).klDivergence(to: site.prior!)!
                }
        expectClose(perDraw.mean(along: 0), trace.bound.elbo, relative: 1e-10)
        expectMean(ofDraws: perDraw, is: exact - toy.gap, within: 4)
    }

    @Test("The mean weight is an unbiased estimate of p(x), and more draws tighten the bound")
    func weights() {
        let toy = TwoLevelToy.off
        let logWeights = toy.trace(Self.x, samples: 50_000).logWeights()
        let exact = toy.exactLogLikelihood(of: Self.x)
        expectMean(ofDraws: logWeights.exp(), is: exact.exp(), within: 4)
        func bounds(_ k: Int) -> Tensor {
            let cut = logWeights.reshaped([500, 100 / k, k, 5])
            return (cut.logSumExp(along: 2) - log(Double(k))).mean(along: 1)
        }
        let ladder = [1, 10, 100].map(bounds) + [exact.broadcast(to: [500, 5])]
        for (lower, higher) in zip(ladder, ladder.dropFirst()).dropLast() {
            let rise = higher - lower
            let errors = (rise.variance(along: 0) / 500).squareRoot()
            #expect((rise.mean(along: 0) .> errors * 4).allTrue())
        }
        expectClose(ladder[2].mean(along: 0), exact, absolute: 0.02)
    }

    @Test("Generated examples have the moments of p(x)")
    func generation() {
        let toy = TwoLevelToy()
        let trace = toy.trace(.generation(20_000, using: Generator(seed: 4)))
        var noise = Generator(seed: 5)
        let x = trace.likelihood.sample(using: &noise)[0]
        expectMean(ofDraws: x, is: toy.offset.value, within: 4, "mean")
        let v = toy.upper.value + toy.lower.value * toy.slope.value
        let covariance =
            v.expanded(at: 1) * v + toy.lower.value.expanded(at: 1) * toy.lower.value * toy.innerVariance
            + Tensor.identity(3, dtype: .float64) * toy.noiseVariance
        let deviations = x - toy.offset.value
        expectMean(
            ofDraws: deviations.expanded(at: 2) * deviations.expanded(at: 1), is: covariance, within: 4,
            "covariance")
    }
}
