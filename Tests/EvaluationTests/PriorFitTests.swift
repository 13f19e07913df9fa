import Bounds
import Datasets
import Evaluation
import Foundation
import Probability
import Tensors
import TestSupport
import Testing

/// On the model with one useful unit, q(z | x) = N((x, 0.3), diag(¼, 1)), whose aggregated posterior is known.
@Suite("The prior that the codes ask for")
struct PriorFitTests {
    /// Examples at −2 and 2 in turn.
    private static func twoPlaces(_ count: Int) -> Tensor {
        Tensor((0..<count).map { $0 % 2 == 0 ? -2.0 : 2.0 }, shape: [count, 1])
    }

    private func fit(
        _ model: any LatentVariableModel, training: Tensor, measured: Tensor, samples: Int = 1
    ) throws -> (fit: PriorFit, fits: Int) {
        var estimator = PriorFitEstimator(model, samples: samples, noise: Generator(seed: 4))
        for part in Batch(training).cut([500, training.size(along: 0) - 500]) {
            try estimator.addTraining(part)
        }
        try estimator.add(Batch(measured))
        var fits = 0
        let result = try estimator.result(split: "test") { fits += 1 }
        #expect(fits == estimator.fitCount)
        return (result, fits)
    }

    /// KL(r ‖ N(0, 1)) for r = ½ N(−2, ¼) + ½ N(2, ¼), by the trapezoidal rule, and of N(0.3, 1).
    private static let gainOfTwoPlaces: Double = {
        let z = Tensor.linearSpace(from: -8, to: 8, count: 3201, dtype: .float64)
        func density(_ mean: Double, _ variance: Double) -> Tensor {
            ((z - mean).squared() * (-0.5 / variance)).exp() / (2 * Double.pi * variance).squareRoot()
        }
        let aggregate = (density(-2, 0.25) + density(2, 0.25)) * 0.5
        let logPrior = z.squared() * -0.5 - 0.5 * log(2 * Double.pi)
        return (aggregate * (aggregate.log() - logPrior)).sum().scalar() * (16.0 / 3200) + 0.3 * 0.3 / 2
    }()

    @Test("Two places of codes make two Gaussians, whose gain is the divergence of the prior")
    func twoGaussians() throws {
        let found = try fit(
            OneUsefulUnit(), training: Self.twoPlaces(2000), measured: Self.twoPlaces(1000), samples: 2
        ).fit
        #expect(found.components >= 2)
        #expect(found.candidates.map(\.components) == [1, 2, 5, 10, 20, 50, 100])
        // One Gaussian over both places is much worse; more than two gain nothing.
        let densities = found.candidates.map(\.logDensity)
        #expect(densities[1] > densities[0] + 0.3 && densities.max()! < densities[1] + 0.03, "\(densities)")
        // Nine numbers learnt of 2000 codes cost some 9 / 4000 nats.
        expectClose(found.gain.mean, Self.gainOfTwoPlaces, absolute: 4 * found.gain.standardError + 0.02)
        #expect(found.gain.standardError < 0.05)
        #expect(found.examples == 1000 && found.samples == 2 && found.trainingExamples == 2000)
    }

    /// x ~ N(0, ¾) makes the first unit's codes N(0, 1), as the prior has it.
    @Test("Where the prior fits there is nothing to gain but what the second unit is off by")
    func fitting() throws {
        var noise = Generator(seed: 8)
        let x = noise.normal([2000, 1], dtype: .float64) * 0.75.squareRoot()
        let other = noise.normal([1000, 1], dtype: .float64) * 0.75.squareRoot()
        let found = try fit(OneUsefulUnit(), training: x, measured: other).fit
        expectClose(found.gain.mean, 0.045, absolute: 4 * found.gain.standardError + 0.02)
    }

    @Test("Few codes make few Gaussians")
    func few() throws {
        var estimator = PriorFitEstimator(OneUsefulUnit(), noise: Generator(seed: 1))
        try estimator.addTraining(Batch(Self.twoPlaces(45)))
        try estimator.add(Batch(Self.twoPlaces(3)))
        #expect(estimator.fitCount == 3)
        #expect(try estimator.result(split: "test").candidates.map(\.components) == [1, 2])
    }

    @Test("Models without one prior are refused")
    func refused() {
        var estimator = PriorFitEstimator(LinearGaussianModel(groupSizes: [1, 1]), noise: Generator(seed: 1))
        #expect(throws: EvaluationError.severalGroups) { try estimator.add(Batch(fiveExamples)) }
    }
}
