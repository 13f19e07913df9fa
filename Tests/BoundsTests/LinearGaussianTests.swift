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

    static func terms(_ model: LinearGaussianModel, samples: Int, seed: UInt64 = 41) -> Terms {
        var generator = Generator(seed: seed)
        return model.terms(for: x, samples: samples, using: &generator)
    }

    @Test("The toy's log p(x) is the integral of p(x | z) p(z)")
    func marginal() {
        let model = LinearGaussianModel()
        let axis = Tensor.linearSpace(from: -9, to: 9, count: 181, dtype: .float64)
        let z = Tensor.stacked(
            [axis.expanded(at: 1).broadcast(to: [181, 181]), axis.broadcast(to: [181, 181])], along: -1
        ).reshaped([181 * 181, 1, 2])
        let joint =
            model.likelihood(of: [z]).logProbability(of: Self.x) + model.prior.logProbability(of: z)
        expectClose(
            (joint.exp().sum(along: 0) * 0.01).log(), model.exactLogLikelihood(of: Self.x), relative: 1e-9)
    }

    @Test("With the exact posterior every weight of every draw is p(x)", arguments: groupings)
    func exactPosterior(_ groupSizes: [Int]) {
        let model = LinearGaussianModel(groupSizes: groupSizes)
        let terms = Self.terms(model, samples: 7)
        let exact = model.exactLogLikelihood(of: Self.x)
        expectClose(terms.logWeights(), exact.broadcast(to: [7, 5]), relative: 1e-12)
        expectClose(terms.bound(rateEstimate: .monteCarlo).elbo, exact, relative: 1e-12)
        expectClose(terms.importanceWeightedBound(), exact, relative: 1e-12)
    }

    @Test("With another posterior the ELBO falls short by KL(q ‖ posterior)", arguments: groupings)
    func gap(_ groupSizes: [Int]) {
        let model = LinearGaussianModel(groupSizes: groupSizes, meanShift: 0.4, logVarianceShift: 0.5)
        let gap = model.posterior(of: Self.x).klDivergence(to: model.exactPosterior(of: Self.x))!
        #expect((gap .> 0.1).allTrue())
        let terms = Self.terms(model, samples: 20_000)
        expectMean(
            ofDraws: terms.logWeights(), is: model.exactLogLikelihood(of: Self.x) - gap, "log weights")
        // The analytic rate does not depend on the draws; the distortion's draws carry all of the noise.
        expectMean(
            ofDraws: terms.logLikelihood - terms.bound().rate,
            is: model.exactLogLikelihood(of: Self.x) - gap, "log likelihood less analytic rate")
    }

    @Test("Analytic rates are the means of the sampled ones, group by group", arguments: groupings)
    func rates(_ groupSizes: [Int]) {
        let model = LinearGaussianModel(groupSizes: groupSizes, meanShift: 0.4, logVarianceShift: 0.5)
        let terms = Self.terms(model, samples: 20_000)
        let analytic = terms.bound().rates
        #expect(analytic.count == groupSizes.count)
        for (group, rate) in zip(terms.groups, analytic) {
            expectMean(ofDraws: group.logPosterior - group.logPrior, is: rate, "\(group.name)")
            expectClose(group.unitRates!.sum(along: -1), rate, relative: 1e-12)
        }
    }

    @Test("−ELBO is distortion and rate; groups add up to the whole", arguments: RateEstimate.all)
    func decomposition(_ estimate: RateEstimate) {
        let whole = Self.terms(LinearGaussianModel(meanShift: 0.4), samples: 30)
        let parts = Self.terms(LinearGaussianModel(groupSizes: [1, 1], meanShift: 0.4), samples: 30)
        let bound = whole.bound(rateEstimate: estimate)
        let cut = parts.bound(rateEstimate: estimate)
        expectClose(-bound.elbo, bound.distortion + bound.rates[0])
        expectClose(cut.rates[0] + cut.rates[1], bound.rate, relative: 1e-12, absolute: 1e-12)
        expectClose(cut.distortion, bound.distortion, relative: 1e-12)
        expectClose(parts.logWeights(), whole.logWeights(), relative: 1e-12)
    }

    @Test("More draws tighten the bound: ELBO < IW₂ < IW₁₀ < IW₁₀₀ ≈ log p(x), in the mean")
    func tightening() {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
        // 2,000 groups of 100 draws for each example, cut into bounds of K.
        let logWeights = Self.terms(model, samples: 200_000).logWeights()
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
        let weights = Self.terms(model, samples: 50_000).logWeights().exp()
        expectMean(ofDraws: weights, is: model.exactLogLikelihood(of: Self.x).exp())
    }

    /// G(z) = W z + b, σ² = ½ and D = 3 of the toy; two latents.
    @Test("−2 ELBO is the risk R = ‖x − G(z)‖²/σ² + A(Σ) + λ‖η‖² up to constants", arguments: [1, 0.3, 4.0])
    func risk(_ precision: Double) {
        let terms = Self.terms(LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5), samples: 6)
        let posterior = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5).posterior(of: Self.x)
        let mean = (terms.likelihood as! DiagonalGaussian).mean
        let squares = ((Self.x - mean).squared().sum(along: -1) / 0.5).mean(along: 0)
        let spread =
            posterior.variance.sum(along: -1) * precision - posterior.logVariance.sum(along: -1)
        let risk = squares + spread + posterior.mean.squared().sum(along: -1) * precision
        let constant = 3 * log(2 * .pi * 0.5) - 2 * (1 + log(precision))

        // Under the prior of that width, whose −log det enters the constant.
        let prior = DiagonalGaussian(
            mean: .zeros([2], dtype: .float64),
            logVariance: Tensor(repeating: -log(precision), shape: [2], dtype: .float64))
        let elbo = terms.logLikelihood.mean(along: 0) - posterior.klDivergence(to: prior)!
        expectClose(elbo * -2, risk + constant, relative: 1e-12)

        // The objective leaves ½ D log λ out.
        var noise = Generator(seed: 0)
        let loss = RegularizedLoss(LatentWidth(weight: precision)).loss(
            of: terms, bound: terms.bound(), at: Moment(), using: &noise)
        expectClose(loss * 2, (risk + constant).mean() + 2 * log(precision), relative: 1e-12)
    }

    @Test("An example's bound does not depend on its company", arguments: groupings)
    func company(_ groupSizes: [Int]) {
        let model = LinearGaussianModel(groupSizes: groupSizes, meanShift: 0.4, logVarianceShift: 0.5)
        let posterior = model.posterior(of: Self.x)
        var generator = Generator(seed: 8)
        let draws = posterior.draw([6], using: &generator).value
        func terms(_ places: Range<Int>) -> Terms {
            let some = DiagonalGaussian(
                mean: posterior.mean[.range(places)], logVariance: posterior.logVariance[.range(places)])
            let groups = model.groups(some, draws: draws[.all, .range(places)])
            return Terms(
                groups: groups, likelihood: model.likelihood(of: groups.map(\.draw.value)),
                examples: Self.x[.range(places)])
        }
        let together = terms(0..<5)
        let alone = (0..<5).map { terms($0..<($0 + 1)) }
        func compare(_ value: (Terms) -> Tensor) {
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
