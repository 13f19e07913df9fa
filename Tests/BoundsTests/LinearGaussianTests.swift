import Bounds
import Foundation
import Models
import Probability
import Tensors
import TestSupport
import Testing

/// Bounds of the toy whose log p(x) and posterior are known.
@Suite("Bounds of the linear-Gaussian model")
struct LinearGaussianTests {
    /// Five examples that differ, so that a mixed-up axis shows.
    static let x = Tensor(
        [0.2, -0.1, 0.4, 2, 1, -1, -1.5, 0.3, 0.8, 0, 3, 0, -2, -2, 1.5], shape: [5, 3])
    static let groupings = [[2], [1, 1]]

    static func trace(_ model: LinearGaussianModel, samples: Int) -> Trace {
        model.trace(x, samples: samples)
    }

    @Test("The toy's log p(x) is the integral of p(x | z) p(z)")
    func marginal() {
        let model = LinearGaussianModel()
        let axis = Tensor.linearSpace(from: -9, to: 9, count: 181, dtype: .float64)
        let z = Tensor.stacked(
            [axis.expanded(at: 1).broadcast(to: [181, 181]), axis.broadcast(to: [181, 181])], along: -1
        ).reshaped([181 * 181, 1, 2])
        let joint =
            model.likelihood(of: z).logProbability(of: Self.x) + model.prior.logProbability(of: z)
        expectClose(
            (joint.exp().sum(along: 0) * 0.01).log(), model.exactLogLikelihood(of: Self.x), relative: 1e-9)
    }

    @Test("With the exact posterior every weight of every draw is p(x)", arguments: groupings)
    func exactPosterior(_ groupSizes: [Int]) {
        let model = LinearGaussianModel(groupSizes: groupSizes)
        let trace = Self.trace(model, samples: 7)
        let exact = model.exactLogLikelihood(of: Self.x)
        expectClose(trace.logWeights(), exact.broadcast(to: [7, 5]), relative: 1e-12)
        expectClose(trace.bound(rateEstimate: .monteCarlo).elbo, exact, relative: 1e-12)
        expectClose(trace.importanceWeightedBound(), exact, relative: 1e-12)
    }

    @Test("With another posterior the ELBO falls short by KL(q ‖ posterior)", arguments: groupings)
    func gap(_ groupSizes: [Int]) {
        let model = LinearGaussianModel(groupSizes: groupSizes, meanShift: 0.4, logVarianceShift: 0.5)
        let gap = model.posterior(of: Self.x).klDivergence(to: model.exactPosterior(of: Self.x))!
        #expect((gap .> 0.1).allTrue())
        let trace = Self.trace(model, samples: 20_000)
        expectMean(
            ofDraws: trace.logWeights(), is: model.exactLogLikelihood(of: Self.x) - gap, "log weights")
        // The analytic rate does not depend on the draws; the distortion's draws carry all of the noise.
        expectMean(
            ofDraws: trace.logLikelihood - trace.bound.rate,
            is: model.exactLogLikelihood(of: Self.x) - gap, "log likelihood less analytic rate")
    }

    @Test("Analytic rates are the means of the sampled ones, group by group", arguments: groupings)
    func rates(_ groupSizes: [Int]) {
        let model = LinearGaussianModel(groupSizes: groupSizes, meanShift: 0.4, logVarianceShift: 0.5)
        let trace = Self.trace(model, samples: 20_000)
        let analytic = trace.bound.rates
        #expect(analytic.count == groupSizes.count)
        for (site, group) in zip(trace.latents, analytic) {
            #expect(site.name == group.group)
            expectMean(ofDraws: site.logPosterior - site.logPrior, is: group.rate, "\(site.name)")
            expectClose(site.unitRates!.sum(along: -1), group.rate, relative: 1e-12)
        }
    }

    @Test("−ELBO is distortion and rate; groups add up to the whole", arguments: RateEstimate.all)
    func decomposition(_ estimate: RateEstimate) {
        let z = Self.trace(LinearGaussianModel(meanShift: 0.4), samples: 30).sites[0].value
        func trace(_ groupSizes: [Int]) -> Trace {
            let model = LinearGaussianModel(groupSizes: groupSizes, meanShift: 0.4)
            return model.trace(Self.x, given: model.groups(of: z))
        }
        let whole = trace([2])
        let parts = trace([1, 1])
        let bound = whole.bound(rateEstimate: estimate)
        let cut = parts.bound(rateEstimate: estimate)
        expectClose(-bound.elbo, bound.distortion + bound.rates[0].rate)
        expectClose(cut.rates[0].rate + cut.rates[1].rate, bound.rate, relative: 1e-12, absolute: 1e-12)
        expectClose(cut.distortion, bound.distortion, relative: 1e-12)
        expectClose(parts.logWeights(), whole.logWeights(), relative: 1e-12)
    }

    @Test("More draws tighten the bound: ELBO < IW₂ < IW₁₀ < IW₁₀₀ ≈ log p(x), in the mean")
    func tightening() {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
        // 2,000 groups of 100 draws for each example, cut into bounds of K.
        let logWeights = Self.trace(model, samples: 200_000).logWeights()
        func bounds(_ k: Int) -> Tensor {
            let cut = logWeights.reshaped([2000, 100 / k, k, 5])
            return (cut.logSumExp(along: 2) - log(Double(k))).mean(along: 1)
        }
        let ladder = [1, 2, 10, 100].map(bounds)
        let exact = model.exactLogLikelihood(of: Self.x)
        let pairs = Array(zip(ladder, ladder.dropFirst())) + [(ladder[2], exact.broadcast(to: [2000, 5]))]
        for (lower, higher) in pairs {
            // Of the same draws, so their differences are compared: above zero by five standard errors.
            let rise = higher - lower
            let errors = (rise.variance(along: 0) / 2000).squareRoot()
            #expect((rise.mean(along: 0) .> errors * 5).allTrue())
        }
        // A hundred draws leave less than the noise can tell: less than a hundredth of a nat.
        expectClose(ladder[3].mean(along: 0), exact, absolute: 0.01)
    }

    @Test("The mean weight is an unbiased estimate of p(x)")
    func unbiased() {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
        let weights = Self.trace(model, samples: 50_000).logWeights().exp()
        expectMean(ofDraws: weights, is: model.exactLogLikelihood(of: Self.x).exp())
    }

    /// G(z) = W z + b, σ² = ½ and D = 3 of the toy; two latents.
    @Test("−2 ELBO is the risk R = ‖x − G(z)‖²/σ² + A(Σ) + λ‖η‖² up to constants", arguments: [1, 0.3, 4.0])
    func risk(_ precision: Double) {
        let trace = Self.trace(LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5), samples: 6)
        let posterior = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5).posterior(of: Self.x)
        let mean = (trace.likelihood as! DiagonalGaussian).mean
        let squares = ((Self.x - mean).squared().sum(along: -1) / 0.5).mean(along: 0)
        let spread =
            posterior.variance.sum(along: -1) * precision - posterior.logVariance.sum(along: -1)
        let risk = squares + spread + posterior.mean.squared().sum(along: -1) * precision
        let constant = 3 * log(2 * .pi * 0.5) - 2 * (1 + log(precision))

        // Under the prior of that width, whose −log det enters the constant.
        let prior = DiagonalGaussian(
            mean: .zeros([2], dtype: .float64),
            logVariance: Tensor(repeating: -log(precision), shape: [2], dtype: .float64))
        let elbo = trace.logLikelihood.mean(along: 0) - posterior.klDivergence(to: prior)!
        expectClose(elbo * -2, risk + constant, relative: 1e-12)

        // The objective leaves ½ D log λ out.
        let loss = RegularizedLoss(LatentWidth(weight: precision)).loss(of: trace, at: Moment())
        expectClose(loss * 2, (risk + constant).mean() + 2 * log(precision), relative: 1e-12)
    }

    @Test("An example's bound does not depend on its company", arguments: groupings)
    func company(_ groupSizes: [Int]) {
        let model = LinearGaussianModel(groupSizes: groupSizes, meanShift: 0.4, logVarianceShift: 0.5)
        var generator = Generator(seed: 8)
        let draws = model.posterior(of: Self.x).draw([6], using: &generator).value
        func trace(_ places: Range<Int>) -> Trace {
            model.trace(
                Self.x[.range(places)], given: model.groups(of: draws[.all, .range(places)]))
        }
        let together = trace(0..<5)
        let alone = (0..<5).map { trace($0..<($0 + 1)) }
        func compare(_ value: (Trace) -> Tensor) {
            expectClose(value(together), .concatenated(alone.map(value), along: -1), relative: 1e-12)
        }
        compare { $0.logWeights() }
        compare { $0.importanceWeightedBound() }
        for estimate in RateEstimate.all {
            compare { $0.bound(rateEstimate: estimate).distortion }
            compare { $0.bound(rateEstimate: estimate).rate }
        }
    }
}

extension RateEstimate {
    /// Every way of finding the rate.
    static let all: [RateEstimate] = [.analytic, .monteCarlo]
}
