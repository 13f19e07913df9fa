import Bounds
import Foundation
import Models
import Probability
import Tensors
import TestSupport
import Testing

/// The expectation of each objective over the draws of z, which the linear-Gaussian model has in closed form or as an
/// integral in the plane: within 4 standard errors of 200 losses, and exactly where a part takes no draws.
@Suite("Objectives of the linear-Gaussian model")
struct ExactObjectiveTests {
    /// The losses of independent draws, `[count]`.
    static func losses(
        _ objective: any Objective, _ model: LinearGaussianModel = ExactToy.model(), samples: Int = 2,
        count: Int = 200, rateEstimate: RateEstimate = .analytic, at moment: Moment = Moment()
    ) -> Tensor {
        .stacked(
            (0..<count).map {
                let trace = model.trace(
                    ExactToy.x, samples: samples, rateEstimate: rateEstimate, seed: UInt64($0))
                return objective.loss(of: trace, at: moment)
            })
    }

    /// What stands in the place of the rate, of independent draws, `[count]`.
    static func costs(
        _ regularizer: any Regularizer, _ model: LinearGaussianModel = ExactToy.model(), samples: Int = 2,
        count: Int = 200, at moment: Moment = Moment()
    ) -> Tensor {
        .stacked(
            (0..<count).map {
                regularizer.cost(
                    of: model.trace(ExactToy.x, samples: samples, seed: UInt64(1000 + $0)), at: moment)
            })
    }

    static func expect(
        _ losses: Tensor, average expected: Double, _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        expectMean(
            ofDraws: losses, is: Tensor(expected, dtype: .float64), within: 4, comment,
            sourceLocation: sourceLocation)
    }

    @Test("The closed form of the bound is log p(x) − KL(q ‖ posterior)")
    func closedForm() throws {
        let model = ExactToy.model()
        let gap = try #require(
            model.posterior(of: ExactToy.x).klDivergence(to: model.exactPosterior(of: ExactToy.x)))
        expectClose(
            -(ExactToy.off.distortion + ExactToy.off.rate), model.exactLogLikelihood(of: ExactToy.x) - gap,
            relative: 1e-12)
        // So is the integral's, from one draw.
        expectClose(
            ExactToy.off.importanceWeightedBound(draws: 1), -ExactToy.off.loss(), relative: 1e-10)
    }

    @Test("The negative ELBO, its rate by closed form or draws", arguments: RateEstimate.all)
    func negativeELBO(_ rateEstimate: RateEstimate) {
        let losses = Self.losses(NegativeELBO(), rateEstimate: rateEstimate)
        Self.expect(losses, average: ExactToy.off.loss())
        let warmingUp = Self.losses(
            NegativeELBO(warmUp: WarmUp(steps: 4)), rateEstimate: rateEstimate, at: Moment(step: 1))
        Self.expect(warmingUp, average: ExactToy.off.loss(rateWeight: 0.25))
    }

    /// The units' mean rates are 0.79 and 0.69, on both sides of 0.75.
    @Test("β, capacity, free bits of units and groups, the width of the latents")
    func ofRates() {
        let off = ExactToy.off
        let distortion = off.loss(rateWeight: 0)
        let rate = off.rate.mean().scalar()
        let units: [Double] = off.unitRates.mean(along: 0).array()
        #expect(units[0] > 0.75 && units[1] < 0.75)
        // Two epochs of four: C = 2.5.
        let moment = Moment(step: 6, stepsPerEpoch: 3)
        let squares = (off.mean.squared() + off.variance).sum(along: 1).mean().scalar()
        let rows: [(any Regularizer, [Int], Double)] = [
            (WeightedRate(weight: 4), [2], 4 * rate),
            (CapacityTarget(weight: 3, nats: 5, epochs: 4), [2], 3 * (2.5 - rate)),
            (CapacityTarget(weight: 3, nats: 1, epochs: 2), [2], 3 * (rate - 1)),
            (FreeBits(nats: 0.75, scope: .unit), [2], units[0] + 0.75),
            (FreeBits(nats: 0.75, scope: .group), [1, 1], units[0] + 0.75),
            (FreeBits(nats: 0.75, scope: .group), [2], rate),
            (FreeBits(nats: 2, scope: .group), [2], 2),
            (LatentWidth(weight: 3), [2], rate + squares),
        ]
        for (regularizer, groupSizes, cost) in rows {
            let model = ExactToy.model(groupSizes: groupSizes)
            let found = Self.costs(regularizer, model, count: 1, at: moment)
            expectClose(found, Tensor([cost]), relative: 1e-12, "\(regularizer)")
            let losses = Self.losses(RegularizedLoss(regularizer), model, at: moment)
            Self.expect(losses, average: distortion + cost, "\(regularizer)")
        }
    }

    @Test("DIP I and II, from the covariance of means and the mean of variances")
    func disentangledPrior() {
        let off = ExactToy.off
        let means: [[Double]] = (0..<2).map { off.mean.selected($0, along: 1).array() }
        func covariance(_ a: [Double], _ b: [Double]) -> Double {
            let (meanA, meanB) = (a.reduce(0, +) / 5, b.reduce(0, +) / 5)
            return zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) } / 5
        }
        let apart = 2 * pow(covariance(means[0], means[1]), 2)
        let own = means.map { covariance($0, $0) }
        let spread: [Double] = off.variance.mean(along: 0).array()
        let rate = off.rate.mean().scalar()
        let first = 2 * apart + 20 * own.reduce(0) { $0 + pow($1 - 1, 2) }
        let second = 2 * (apart + zip(own, spread).reduce(0) { $0 + pow($1.0 + $1.1 - 1, 2) })
        for (form, cost) in [(DisentangledPrior.Form.means, first), (.draws, second)] {
            let regularizer = DisentangledPrior(weight: 2, form: form)
            expectClose(
                Self.costs(regularizer, count: 1), Tensor([rate + cost]), relative: 1e-12, "\(form)")
            let losses = Self.losses(RegularizedLoss(regularizer))
            Self.expect(losses, average: off.loss() + cost, "\(form)")
        }
    }

    /// With the five as the whole set, the weighted estimate has equal shares, and densities too small by N.
    ///
    /// So it is log N above the truth: of two units one log N is not made up for by that of z. The stratified estimate gives
    /// 1/N to the draw's own posterior, 1/20 to one other and ¼ to the rest.
    @Test("The total correlation is the integral over the mixture of posteriors")
    func totalCorrelation() {
        let equal = [Double](repeating: 0.2, count: 5)
        let correlation = Self.correlation { _ in equal }
        #expect(correlation > 0.02)
        let stratified = Self.correlation { own in
            let shares = [0.2, 0.05, 0.25, 0.25, 0.25]
            return (0..<5).map { shares[($0 - own + 5) % 5] }
        }
        let rows: [(TotalCorrelation.Sampling, Double)] = [
            (.weighted, correlation + log(5)), (.stratified, stratified),
        ]
        for (sampling, expected) in rows {
            let costs = Self.costs(
                TotalCorrelation(weight: 3, sampling: sampling), samples: 50, at: Moment(exampleCount: 5))
            Self.expect(
                costs, average: ExactToy.off.rate.mean().scalar() + 2 * expected, "\(sampling)")
        }
    }

    /// The mean over examples n and z ~ q(z | x_n) of log q̂(z) − Σ_u log q̂(z_u), where the posteriors count in q̂ what
    /// `shares` gives for n.
    private static func correlation(_ shares: (Int) -> [Double]) -> Double {
        let off = ExactToy.off
        return (0..<5).map { own in
            let z = off.mean[.at(own)] + off.variance[.at(own)].squareRoot() * NormalPlane.points
            let squares = (z.expanded(at: 1) - off.mean).squared() / off.variance
            // `[points, 5, 2]`.
            let densities = (squares + (off.variance * (2 * Double.pi)).log()) * -0.5
            let logShares = Tensor(shares(own).map { log($0) })
            let joint = (densities.sum(along: 2) + logShares).logSumExp(along: 1)
            let units = (densities + logShares.expanded(at: 1)).logSumExp(along: 1).sum(along: 1)
            return ((joint - units) * NormalPlane.probabilities).sum().scalar()
        }.reduce(0, +) / 5
    }

    /// Pairs of a batch are of two different examples.
    @Test("The discrepancy is that of the posteriors' draws", arguments: MeanDiscrepancy.Kernel.allCases)
    func discrepancy(_ kernel: MeanDiscrepancy.Kernel) {
        let (mean, variance) = (ExactToy.off.mean, ExactToy.off.variance)
        let among = Self.expected(
            kernel, difference: mean.expanded(at: 1) - mean, variance: variance.expanded(at: 1) + variance)
        let pairs = (among.sum() - among.diagonal().sum()).scalar() / 20
        let across = Self.expected(kernel, difference: mean, variance: variance + 1).mean().scalar()
        let prior = Self.expected(
            kernel, difference: .zeros([2], dtype: .float64),
            variance: Tensor(repeating: 2, shape: [2], dtype: .float64)
        ).scalar()
        let expected = pairs + prior - 2 * across
        #expect(expected > 0.01)
        let regularizer = MeanDiscrepancy(weight: 30, rateWeight: 0.5, kernel: kernel)
        Self.expect(
            Self.costs(regularizer, samples: 50),
            average: 0.5 * ExactToy.off.rate.mean().scalar() + 30 * expected)
    }

    /// E k(d) for d ~ N(μ, diag v) in the plane, where C = 4.
    ///
    /// E exp(−t |d|²/C) = Π (1 + 2tv/C)^−½ exp(−(t/C) μ²/(1 + 2tv/C)), and C/(C + |d|²) = ∫₀^∞ e^−t exp(−t |d|²/C) dt, by the
    /// trapezoidal rule in log t.
    private static func expected(
        _ kernel: MeanDiscrepancy.Kernel, difference: Tensor, variance: Tensor
    ) -> Tensor {
        func gaussian(_ t: Double) -> Tensor {
            let width = variance * (t / 2) + 1
            return (width.log() * -0.5 - difference.squared() / width * (t / 4)).sum(along: -1).exp()
        }
        switch kernel {
        case .gaussian: return gaussian(1)
        case .inverseMultiquadratic:
            return (-300...40).map { place in
                let t = exp(Double(place) * 0.1)
                return gaussian(t) * (0.1 * t * exp(-t))
            }.reduce(Tensor.zeros([], dtype: .float64), +)
        }
    }

    /// α of the ELBO and the rest of the bound of the draws in one part.
    static let weighted: [(MultiSampleBound, draws: Int)] = [
        (.elbo, 6), (.importanceWeighted, 2), (.importanceWeighted, 10), (.importanceWeighted, 100),
        (MultiSampleBound(parts: 3), 6), (MultiSampleBound(elboShare: 0.3), 6),
        (MultiSampleBound(parts: 2, elboShare: 0.5), 6),
    ]

    @Test(
        "Importance-weighted, in parts and combined with the ELBO", arguments: weighted.indices, [1, 0.25])
    func ofWeights(place: Int, rateWeight: Double) {
        let (bound, draws) = Self.weighted[place]
        let off = ExactToy.off
        let value = off.importanceWeightedBound(draws: draws / bound.parts, rateWeight: rateWeight)
        let share = bound.elboShare
        let expected = share * off.loss(rateWeight: rateWeight) - (1 - share) * value
        let objectives = [
            NegativeMultiSampleBound(bound, warmUp: WarmUp(steps: 4)),
            // Partially weighted: the encoder's own bound leaves the loss as it is.
            NegativeMultiSampleBound(
                bound, inference: MultiSampleBound(parts: 2), estimator: .doublyReparameterized,
                warmUp: WarmUp(steps: 4)),
        ]
        for objective in objectives {
            let losses = Self.losses(
                objective, samples: draws, at: Moment(step: rateWeight == 1 ? 9 : 1))
            Self.expect(losses, average: expected)
        }
    }
}
