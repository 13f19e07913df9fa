import Bounds
import Foundation
import Models
import Probability
import Tensors
import TestSupport

/// The linear-Gaussian toy with a posterior whose means and log-variances are off, and what the parts of its bound are in expectation.
///
/// Five examples, two units. Written out here from mean and variance, so that it shares no formula with what is tested.
struct ExactToy {
    static let x = LinearGaussianTests.x
    /// The only one, as it has no state.
    static let off = ExactToy()

    /// Means of q, `[5, 2]`.
    let mean: Tensor
    /// Variances of q, `[5, 2]`.
    let variance: Tensor
    /// −E_q log p(x | z), `[5]`.
    let distortion: Tensor
    /// KL(q ‖ p) of each unit, `[5, 2]`.
    let unitRates: Tensor

    /// The model itself.
    static func model(groupSizes: [Int] = [2]) -> LinearGaussianModel {
        LinearGaussianModel(groupSizes: groupSizes, meanShift: 0.4, logVarianceShift: 0.5)
    }

    private init() {
        let model = Self.model()
        let posterior = model.posterior(of: Self.x)
        mean = posterior.mean
        variance = posterior.logVariance.exp()
        unitRates = (variance + mean.squared() - 1 - variance.log()) * 0.5
        // |w|²/σ² of a unit's column w is what x adds to its precision; σ² = ½ and three values.
        let information = (-model.exactPosterior(of: Self.x).logVariance).exp() - 1
        let offset = (Self.x - model.likelihood(of: mean).mean).squared().sum(along: 1) / 0.5
        distortion = (offset + (information * variance).sum(along: 1) + 3 * log(Double.pi)) * 0.5
    }

    /// The mean of distortion + β · rate over the five.
    func loss(rateWeight: Double = 1) -> Double { (distortion + rate * rateWeight).mean().scalar() }

    /// KL(q ‖ p), `[5]`.
    var rate: Tensor { unitRates.sum(along: 1) }

    /// log w at the points of the plane, `[points, 5]`.
    func logWeights(rateWeight: Double = 1) -> Tensor {
        let model = Self.model()
        let noise = NormalPlane.points.expanded(at: 1)
        let z = mean + variance.squareRoot() * noise
        let logPrior = z.squared().sum(along: 2) * -0.5
        let logPosterior = noise.squared().sum(along: 2) * -0.5 - variance.log().sum(along: 1) * 0.5
        return model.likelihood(of: z).logProbability(of: Self.x) + (logPrior - logPosterior) * rateWeight
    }

    /// The importance-weighted bound of K draws in expectation, the mean over the five.
    func importanceWeightedBound(draws: Int, rateWeight: Double = 1) -> Double {
        expectedLogMean(
            of: logWeights(rateWeight: rateWeight),
            probabilities: NormalPlane.probabilities.expanded(at: 1), draws: draws
        ).mean().scalar()
    }
}
