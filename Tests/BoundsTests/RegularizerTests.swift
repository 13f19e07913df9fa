import Bounds
import Foundation
import Probability
import Tensors
import TestSupport
import Testing

/// Two examples, two units, one draw: small enough for pencil and paper.
///
/// q has means (1, 0) and (−1, 2) and variances 1, p(z) = N(0, I): the units' rates are ½, 0 and ½, 2, and those of the
/// examples ½ and 2½, on average 1½.
@Suite("What stands in the place of the rate")
struct RegularizerTests {
    static func trace(means: Tensor, logVariance: Double = 0, hasNoise: Bool = false) -> Trace {
        let spread = Tensor(repeating: logVariance, shape: means.shape, dtype: .float64)
        let model = WrittenModel { walk in
            if hasNoise {
                walk.dequantize { UniformNoise(shape: $0.shape, eventRank: 1, dtype: .float64) }
            }
            walk.latent(
                "z", prior: DiagonalGaussian.standard(means.size(along: 1), dtype: .float64),
                posterior: DiagonalGaussian(mean: means, logVariance: spread))
            return Tensor.zeros([1, means.size(along: 0), 1], dtype: .float64).unitGaussian
        }
        return model.trace(
            .zeros([means.size(along: 0), 1], dtype: .float64), given: ["z": means.expanded(at: 0)])
    }

    static var example: Trace { trace(means: Tensor([1.0, 0, -1, 2], shape: [2, 2])) }

    static func cost(
        _ regularizer: any Regularizer, _ trace: Trace = example, at moment: Moment = Moment()
    ) -> Double {
        regularizer.cost(of: trace, at: moment).scalar()
    }

    static let handComputed: [(any Regularizer, Double)] = [
        (WeightedRate(weight: 4), 6), (WeightedRate(weight: 0), 0),
        // Two epochs of four: C = 1.
        (CapacityTarget(weight: 10, nats: 2, epochs: 4), 5),
        (CapacityTarget(weight: 10, nats: 2, epochs: 0), 5),
        // The units' mean rates are ½ and 1.
        (FreeBits(nats: 0.7, scope: .unit), 1.7), (FreeBits(nats: 0, scope: .unit), 1.5),
        (FreeBits(nats: 2, scope: .group), 2), (FreeBits(nats: 1, scope: .group), 1.5),
        // E‖z‖² is 3 and 7.
        (LatentWidth(weight: 3), 6.5), (LatentWidth(weight: 1), 1.5),
        // The covariance of the means has ones on its diagonal and −1 beside it; the variances add 1.
        (DisentangledPrior(weight: 2, form: .means), 5.5), (DisentangledPrior(weight: 2, form: .draws), 9.5),
    ]

    @Test("By hand", arguments: handComputed.indices)
    func byHand(place: Int) {
        let (regularizer, expected) = Self.handComputed[place]
        let moment = Moment(step: 6, stepsPerEpoch: 3)
        expectClose(Self.cost(regularizer, at: moment), expected, relative: 1e-12, "\(regularizer)")
    }

    @Test("A loss is distortion and weighted cost, and is ranked by what it ends with")
    func loss() {
        let objective = RegularizedLoss(
            CapacityTarget(weight: 10, nats: 2, epochs: 4), warmUp: WarmUp(steps: 8))
        let moment = Moment(step: 6, stepsPerEpoch: 3)
        let loss = objective.loss(of: Self.example, at: moment)
        expectClose(loss.scalar(), 0.5 * log(2 * .pi) + 0.75 * 5, relative: 1e-12)
        // C = 2 in the end, half a nat above the rate.
        let sums = objective.validationSums(of: Self.example, at: moment)
        expectClose(
            objective.validationLoss(of: sums, at: moment).scalar(), 0.5 * log(2 * .pi) + 5, relative: 1e-12)
        #expect(!objective.isSettled(at: moment))
        #expect(!objective.isSettled(at: Moment(step: 11, stepsPerEpoch: 3)))
        #expect(objective.isSettled(at: Moment(step: 12, stepsPerEpoch: 3)))
    }

    @Test("Below its free bits a unit has no gradient, and above them its own")
    func freeBitsGradient() {
        let slopes = gradient(at: Tensor([1.0, 0, -1, 2], shape: [2, 2])) { means in
            FreeBits(nats: 0.7, scope: .unit).cost(of: Self.trace(means: means))
        }
        expectClose(slopes, Tensor([0, 0, 0, 1.0], shape: [2, 2]))
    }

    @Test("Noise before the latents takes none of their free bits")
    func freeBitsBesideNoise() {
        let noisy = Self.trace(means: Tensor([1.0, 0, -1, 2], shape: [2, 2]), hasNoise: true)
        #expect(noisy.sites.map(\.name) == ["noise", "z"])
        for scope in FreeBits.Scope.allCases {
            let costs = [Self.example, noisy].map { FreeBits(nats: 0.7, scope: scope).cost(of: $0) }
            expectClose(costs[1], costs[0])
        }
    }

    /// In one dimension C = 2; squared distances are 1 within x, 4 within y, and 0, 4, 1 and 1 across.
    @Test(
        "The discrepancy by hand",
        arguments: [
            (MeanDiscrepancy.Kernel.gaussian, (exp(-2) - 1) / 2), (.inverseMultiquadratic, -1.0 / 3),
        ])
    func discrepancyByHand(_ row: (kernel: MeanDiscrepancy.Kernel, expected: Double)) {
        let discrepancy = MeanDiscrepancy(weight: 1, rateWeight: 0, kernel: row.kernel)
        let x = Tensor([0.0, 1], shape: [1, 2, 1])
        let y = Tensor([0.0, 2], shape: [1, 2, 1])
        expectClose(discrepancy.squaredDiscrepancy(x, y).scalar(), row.expected, relative: 1e-12)
    }

    /// Under the Gaussian kernel MMD² of N(m, I) and N(0, I) in two dimensions is 1 − exp(−|m|²/8).
    @Test("The discrepancy is estimated without bias", arguments: [0, 1.0])
    func discrepancy(shift: Double) {
        var generator = Generator(seed: 3)
        let discrepancy = MeanDiscrepancy(weight: 1, rateWeight: 0, kernel: .gaussian)
        let draws = (0..<400).map { _ in
            let x = generator.normal([1, 8, 2], dtype: .float64) + shift
            return discrepancy.squaredDiscrepancy(x, generator.normal([1, 8, 2], dtype: .float64))
        }
        let expected = 1 - exp(-2 * shift * shift / 8)
        expectMean(ofDraws: .stacked(draws), is: Tensor(expected, dtype: .float64), within: 4)
    }

    @Test("A batch of one says nothing of the discrepancy; codes far from the prior cost")
    func discrepancyCost() {
        let one = Self.trace(means: Tensor([1.0, 2], shape: [1, 2]))
        #expect(Self.cost(MeanDiscrepancy(weight: 5, rateWeight: 0), one) == 0)
        expectClose(Self.cost(MeanDiscrepancy(weight: 5, rateWeight: 2), one), 5, relative: 1e-12)
        let far = Self.trace(means: Tensor([50.0, 50, 51, 50], shape: [2, 2]))
        #expect(Self.cost(MeanDiscrepancy(weight: 5, rateWeight: 0), far) > 1)
    }

    @Test(
        "One unit has no total correlation, whatever the posteriors",
        arguments: TotalCorrelation.Sampling.allCases)
    func oneUnit(_ sampling: TotalCorrelation.Sampling) {
        let trace = Self.trace(means: Tensor([1.0, -2, 0.5], shape: [3, 1]))
        let estimate = TotalCorrelation(weight: 1, sampling: sampling).estimate(of: trace, exampleCount: 10)
        expectClose(estimate.scalar(), 0, absolute: 1e-12)
    }

    /// Where all posteriors are the same, their units are independent; the weighted estimate is off by log N.
    @Test("Equal posteriors have none, which the stratified estimate finds")
    func equalPosteriors() {
        let trace = Self.trace(means: Tensor(repeating: 0.3, shape: [4, 2], dtype: .float64))
        func estimate(_ sampling: TotalCorrelation.Sampling) -> Double {
            TotalCorrelation(weight: 1, sampling: sampling).estimate(of: trace, exampleCount: 10).scalar()
        }
        expectClose(estimate(.stratified), 0, absolute: 1e-12)
        expectClose(estimate(.weighted), log(10), relative: 1e-12)
    }

    @Test("Two far posteriors that differ in both units have log 2, and cost (β − 1) log 2 beside the rate")
    func farPosteriors() {
        let trace = Self.trace(means: Tensor([3.0, 3, -3, -3], shape: [2, 2]), logVariance: -6)
        let correlation = TotalCorrelation(weight: 5, sampling: .stratified)
        expectClose(correlation.estimate(of: trace).scalar(), log(2), relative: 1e-9)
        expectClose(
            Self.cost(correlation, trace, at: Moment(exampleCount: 2)),
            trace.bound.rate.mean().scalar() + 4 * log(2), relative: 1e-9)
    }
}
