import Bounds
import Foundation
import Probability
import Tensors
import TestSupport
import Testing

/// p(z) = N(0, 1), p(x | z) = N(w z, 1), q(z | x) = N(a x, exp v): the linear-Gaussian model in one dimension.
///
/// Its ELBO has a closed form, and its importance-weighted bound of two draws is an integral over the plane, so that the
/// gradients of both are known. The parameters come in replicas, each with draws of its own, whose gradients are
/// independent draws of an estimator.
private struct Toy {
    static let x = Tensor([0.5, -1.2, 2], shape: [3, 1])
    /// w, a and v: far from the best, so that no gradient is zero by chance.
    static let parameters = [0.8, 0.1, -0.3]

    /// Replicas of the model with parameters `[replicas]` each; their examples lie one below the other.
    static func model(_ parameters: [Tensor], cuttingDraws isCut: Bool) -> WrittenModel {
        let columns = parameters.map { $0.repeatingElements(3, along: 0).expanded(at: 1) }
        return WrittenModel { walk in
            let posterior = walk.evidence { DiagonalGaussian(mean: columns[1] * $0, logVariance: columns[2]) }
            let z = walk.latent(
                "z", prior: DiagonalGaussian.standard(1, dtype: .float64),
                posterior: isCut ? posterior.map { Cut(base: $0) } : posterior)
            return (columns[0] * z).unitGaussian
        }
    }

    /// The gradients of an objective in each replica, `[replicas, 3]`.
    static func gradients(
        _ objective: NegativeMultiSampleBound, samples: Int, cuttingDraws isCut: Bool = false,
        parameters: [Double] = parameters, at moment: Moment = Moment(), replicas: Int = 4000
    ) -> Tensor {
        let x = Tensor.concatenated([Tensor](repeating: x, count: replicas), along: 0)
        let copies = parameters.map { Tensor(repeating: $0, shape: [replicas], dtype: .float64) }
        let found = valueWithGradients(at: copies) { parameters in
            let model = model(parameters, cuttingDraws: isCut)
            return objective.loss(of: objective.trace(model, x, samples: samples, seed: 11), at: moment)
        }
        return Tensor.stacked(found.gradients, along: 1) * Double(replicas)
    }

    /// The gradient of −ELBO in closed form, `[3]`.
    static let elboGradient = gradient { w, a, v in
        let mean = a * x
        let distortion = ((x - w * mean).squared() + w.squared() * v.exp()) * 0.5
        return (distortion + (v.exp() + mean.squared() - v) * 0.5).mean()
    }

    /// The gradient of minus the importance-weighted bound of two draws, by the trapezoidal rule, `[3]`.
    static func weightedGradient(rateWeight: Double = 1) -> Tensor {
        gradient { w, a, v in
            let noise = Tensor.linearSpace(from: -7, to: 7, count: 141, dtype: .float64)
            let z = a * x + (v * 0.5).exp() * noise
            // Without log 2π, which has no gradient: `[3, 141]`.
            let logPrior = z.squared() * -0.5
            let logPosterior = noise.squared() * -0.5 - v * 0.5
            let logWeights = (x - w * z).squared() * -0.5 + (logPrior - logPosterior) * rateWeight
            let bounds = logWeights.expanded(at: 2).logAddingExponential(logWeights.expanded(at: 1))
            let density = (noise.squared() * -0.5).exp() * (0.1 / (2 * Double.pi).squareRoot())
            return -(bounds * density.expanded(at: 1) * density).sum(along: 1, 2).mean()
        }
    }

    private static func gradient(_ loss: (Tensor, Tensor, Tensor) -> Tensor) -> Tensor {
        let inputs = parameters.map { Tensor($0, dtype: .float64) }
        return .stacked(valueWithGradients(at: inputs) { loss($0[0], $0[1], $0[2]) }.gradients)
    }
}

/// A distribution whose draws have no gradient to its parameters.
private struct Cut: Distribution {
    let base: DiagonalGaussian
    var eventRank: Int { base.eventRank }
    var shape: [Int] { base.shape }
    var dtype: DType { base.dtype }

    func logProbability(of x: Tensor) -> Tensor { base.logProbability(of: x) }

    func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        base.sample(leading, using: &generator)
    }
}

@Suite("Gradient estimators")
struct GradientEstimatorTests {
    static let unbiased: [GradientEstimator] =
        [.reparameterized, .doublyReparameterized] + Baseline.allCases.map { .scoreFunction($0) }

    /// Some loss for the running mean to be.
    static let moment = Moment(averageLoss: 1.3)

    @Test("The ELBO's gradient has the mean of the closed form", arguments: unbiased + [.stickingTheLanding])
    func elbo(_ estimator: GradientEstimator) {
        let objective = NegativeMultiSampleBound(.elbo, estimator: estimator)
        expectMean(
            ofDraws: Toy.gradients(objective, samples: 2, at: Self.moment), is: Toy.elboGradient, within: 4)
    }

    @Test("The importance-weighted bound's has that of the integral", arguments: unbiased)
    func importanceWeighted(_ estimator: GradientEstimator) {
        let objective = NegativeMultiSampleBound(.importanceWeighted, estimator: estimator)
        expectMean(
            ofDraws: Toy.gradients(objective, samples: 2, at: Self.moment), is: Toy.weightedGradient(),
            within: 4)
    }

    @Test("So has the mean of two such bounds", arguments: unbiased)
    func inParts(_ estimator: GradientEstimator) {
        let objective = NegativeMultiSampleBound(MultiSampleBound(parts: 2), estimator: estimator)
        expectMean(
            ofDraws: Toy.gradients(objective, samples: 4, at: Self.moment), is: Toy.weightedGradient(),
            within: 4)
    }

    @Test("Combined with the ELBO it has the combined gradient", arguments: unbiased)
    func combined(_ estimator: GradientEstimator) {
        let objective = NegativeMultiSampleBound(MultiSampleBound(elboShare: 0.3), estimator: estimator)
        expectMean(
            ofDraws: Toy.gradients(objective, samples: 2, at: Self.moment),
            is: Toy.elboGradient * 0.3 + Toy.weightedGradient() * 0.7, within: 4)
    }

    @Test("In a warm-up, too", arguments: unbiased)
    func warmUp(_ estimator: GradientEstimator) {
        let objective = NegativeMultiSampleBound(
            .importanceWeighted, estimator: estimator, warmUp: WarmUp(steps: 2))
        let moment = Moment(step: 1, averageLoss: 1.3)
        expectMean(
            ofDraws: Toy.gradients(objective, samples: 2, at: moment),
            is: Toy.weightedGradient(rateWeight: 0.5), within: 4)
    }

    @Test(
        "Through draws kept by their weights it has that of all", arguments: [1, 3],
        [GradientEstimator.reparameterized, .doublyReparameterized])
    func resampled(_ kept: Int, _ estimator: GradientEstimator) {
        let objective = NegativeMultiSampleBound(
            .importanceWeighted, estimator: estimator, warmUp: WarmUp(steps: 2), backwardSamples: kept)
        for (step, rateWeight) in [(1, 0.5), (2, 1)] {
            let gradients = Toy.gradients(
                objective, samples: 2, at: Moment(step: step, averageLoss: 1.3))
            expectMean(
                ofDraws: gradients, is: Toy.weightedGradient(rateWeight: rateWeight), within: 4)
        }
    }

    /// Of two draws in two parts the encoder's bound is the ELBO.
    @Test("Encoder and decoder follow each its own bound", arguments: unbiased + [.stickingTheLanding])
    func partially(_ estimator: GradientEstimator) {
        let objective = NegativeMultiSampleBound(
            .importanceWeighted, inference: MultiSampleBound(parts: 2), estimator: estimator)
        // A part of one draw has no other to take its place.
        if estimator == .scoreFunction(.leaveOneOut) { return }
        let gradients = Toy.gradients(objective, samples: 2, at: Self.moment)
        let expected = Tensor.concatenated(
            [Toy.weightedGradient()[.upTo(1)], Toy.elboGradient[.from(1)]], along: 0)
        expectMean(ofDraws: gradients, is: expected, within: 4)
    }

    /// What is left when the draws' dependence on the posterior is forgotten is the mean of a score, which is zero.
    @Test("Ignoring the distribution's own dependence is biased")
    func ignoringDependence() {
        let gradients = Toy.gradients(NegativeMultiSampleBound(.elbo), samples: 2, cuttingDraws: true)
        let errors = (gradients.variance(along: 0) / 4000).squareRoot()
        let bias = ((gradients.mean(along: 0) - Toy.elboGradient) / errors).magnitude()
        #expect((bias[.from(1)] .> 10).allTrue(), "\(bias)")
        // The decoder's gradient needs none of it.
        #expect((bias[.upTo(1)] .< 4).allTrue(), "\(bias)")
    }

    @Test("Sticking the landing is biased under importance weights")
    func stickingUnderWeights() {
        let objective = NegativeMultiSampleBound(.importanceWeighted, estimator: .stickingTheLanding)
        let gradients = Toy.gradients(objective, samples: 2)
        let errors = (gradients.variance(along: 0) / 4000).squareRoot()
        let bias = ((gradients.mean(along: 0) - Toy.weightedGradient()) / errors).magnitude()
        #expect(bias[1].scalar() > 10 || bias[2].scalar() > 10, "\(bias)")
    }

    /// a = w / (w² + 1), exp v = 1 / (w² + 1).
    @Test(
        "At the exact posterior the path's gradient of the encoder is zero for each draw",
        arguments: [GradientEstimator.stickingTheLanding, .doublyReparameterized],
        [MultiSampleBound.elbo, .importanceWeighted])
    func exactPosterior(_ estimator: GradientEstimator, _ bound: MultiSampleBound) {
        let w = 0.8
        let exact = [w, w / (w * w + 1), -log(w * w + 1)]
        let gradients = Toy.gradients(
            NegativeMultiSampleBound(bound, estimator: estimator), samples: 3, parameters: exact,
            replicas: 50)
        expectClose(gradients[.all, .from(1)], .zeros([50, 2], dtype: .float64), absolute: 1e-12)
    }

    @Test("Baselines lower the noise of the score function, the one of the other draws the most")
    func baselines() {
        let variances = [Baseline.none, .runningMean, .leaveOneOut].map { baseline in
            let objective = NegativeMultiSampleBound(
                .importanceWeighted, estimator: .scoreFunction(baseline))
            // The running mean of −F is about what −F is.
            let moment = Moment(averageLoss: 2.5)
            return Toy.gradients(objective, samples: 8, at: moment).variance(along: 0)[1].scalar()
        }
        #expect(variances[0] > variances[1], "\(variances)")
        #expect(variances[1] > variances[2], "\(variances)")
    }
}
