import Bounds
import Datasets
import Evaluation
import Foundation
import Models
import Probability
import Tensors
import TestSupport
import Testing

/// Every estimate on the model that can be enumerated is within 4 standard errors of its sum over all z.
@Suite("The model that can be enumerated")
struct ExactDiscreteTests {
    @Test("Bound, distortion and rate", arguments: [0, 1])
    func bound(_ x: Int) {
        let examples = Tensor(repeating: Double(x), shape: [4000, 1], dtype: .float64)
        let found = evaluate(DiscreteModel(), examples, batches: [1500, 2500])
        expect(found.elbo, is: DiscreteModel.logLikelihood(x) - DiscreteModel.gap(x))
        let distortion = DiscreteModel.expectation(x) {
            -log(DiscreteModel.joint(x, $0) / DiscreteModel.prior[$0])
        }
        expect(found.distortion, is: distortion)
        let rate = DiscreteModel.expectation(x) {
            log(DiscreteModel.posteriors[x][$0] / DiscreteModel.prior[$0])
        }
        expect(found.rate, is: rate)
    }

    @Test("The importance-weighted bound of 1, 10 and 100 draws, and each rise", arguments: [0, 1])
    func importanceWeighted(_ x: Int) throws {
        let ratios = (0..<3).map { log(DiscreteModel.joint(x, $0) / DiscreteModel.posteriors[x][$0]) }
        let exact = [1, 10, 100].map {
            expectedLogMean(
                of: Tensor(ratios, shape: [3, 1]),
                probabilities: Tensor(DiscreteModel.posteriors[x], shape: [3, 1]), draws: $0
            )[0].scalar()
        }
        #expect(exact[0] < exact[1] && exact[1] < exact[2] && exact[2] < DiscreteModel.logLikelihood(x))
        let examples = Tensor(repeating: Double(x), shape: [2000, 1], dtype: .float64)
        let curve = evaluate(DiscreteModel(), examples, importanceSamples: 100).likelihoodCurve
        for (point, value) in zip(curve, exact) { expect(point.logLikelihood, is: value) }
        for place in [1, 2] {
            expect(try #require(curve[place].rise), is: exact[place] - exact[place - 1])
        }
    }

    /// E[w] = p(x), whatever the chains' number; z has no slope, so that they move by draws of the prior.
    @Test("Annealing, over discrete z", arguments: [0, 1])
    func annealing(_ x: Int) throws {
        let examples = Tensor(repeating: Double(x), shape: [2000, 1], dtype: .float64)
        var sampling = AnnealedImportanceSampling()
        sampling.steps = 10
        sampling.chains = 8
        var estimator = AnnealedEstimator(DiscreteModel(), sampling, noise: Generator(seed: 8))
        for batch in Batch(examples).cut([700, 1300]) { try estimator.add(batch) }
        let exact = DiscreteModel.logLikelihood(x)
        let weights = estimator.logLikelihoods.map { exp($0 - exact) }
        expect(Estimate(of: weights), is: 1)
        let result = estimator.result(split: "test")
        // The log of a mean over chains is too small by half of its relative variance.
        let bias = pow(Estimate(of: weights).standardError, 2) * 2000 / 2
        expect(result.logLikelihood, is: exact - bias, slack: bias)
        #expect((0.3...1).contains(result.acceptance))
    }

    @Test("A move by draws of the prior leaves the annealed density as it is", arguments: [0.3, 1])
    func invariance(temperature: Double) throws {
        let x = Tensor([1.0], shape: [1, 1])
        let noise = Generator(seed: 7)
        let target = AnnealedDensity(try LatentJoint(DiscreteModel(), Batch(x)), noise: noise)
        let masses = (0..<3).map {
            DiscreteModel.prior[$0] * pow(DiscreteModel.chance[$0], temperature)
        }
        let total = masses.reduce(0, +)
        // All three, as often as their mass says.
        let start = masses.enumerated().flatMap { z, mass in
            [Double](repeating: Double(z), count: Int((6000 * mass / total).rounded()))
        }
        let z = Tensor(start + [Double](repeating: 0, count: 6000 - start.count), shape: [6000, 1, 1])
        var place = target.place(at: z)
        for step: UInt64 in 0..<3 {
            place =
                IndependentMove(temperature: temperature).applied(
                    to: place, of: target, using: noise.child(step)
                ).place
        }
        for (value, mass) in masses.enumerated() {
            let share = (place.z .== Double(value)).converted(to: .float64).reshaped([6000])
            expectMean(
                ofDraws: share, is: Tensor(mass / total, dtype: .float64), within: 4, "\(value)")
        }
        #expect((place.z .!= z).anyTrue())
    }

    @Test("The parts of surgery and the code")
    func surgery() throws {
        var estimator = SurgeryEstimator(DiscreteModel(), samples: 2, noise: Generator(seed: 9))
        for batch in Batch(DiscreteModel.examples(1000)).cut([1000, 1000]) { try estimator.add(batch) }
        let found = estimator.result(split: "test")
        func average(_ f: (Int, Int) -> Double) -> Double {
            (0..<2).map { x in DiscreteModel.expectation(x) { f(x, $0) } }.reduce(0, +) / 2
        }
        let mixture = (0..<3).map { z in DiscreteModel.posteriors.map { $0[z] }.reduce(0, +) / 2 }
        expect(
            found.reconstruction,
            is: average { log(DiscreteModel.joint($0, $1) / DiscreteModel.prior[$1]) })
        expect(found.priorCrossEntropy, is: average { -log(DiscreteModel.prior[$1]) })
        expect(found.encoderEntropy, is: average { -log(DiscreteModel.posteriors[$0][$1]) })
        let aggregate = try #require(found.aggregate)
        expect(
            aggregate.mutualInformation, is: average { log(DiscreteModel.posteriors[$0][$1] / mixture[$1]) })
        expect(aggregate.priorDivergence, is: average { log(mixture[$1] / DiscreteModel.prior[$1]) })
    }

    /// The family of tables holds the posterior; refinement by the score function leaves 0.0004 nats in a simulation.
    @Test("Gaps: the encoder is to blame for all of it")
    func gaps() throws {
        var refinement = Refinement()
        refinement.steps = 300
        refinement.samples = 20
        var bounds = RefinedBounds()
        for batch in Batch(DiscreteModel.examples(100)).cut([120, 80]) {
            try bounds.add(
                DiscreteModel(), batch, refinement: refinement, samples: 400, using: Generator(seed: 6))
        }
        let found = Gaps(split: "test", steps: 300, samples: 400, of: bounds)
        let gap = (DiscreteModel.gap(0) + DiscreteModel.gap(1)) / 2
        #expect(gap > 0.03)
        expect(found.amortizationGap, is: gap, slack: 0.001)
        expect(found.approximationGap, is: 0, slack: 0.001)
        for place in 0..<2 {
            let exact = DiscreteModel.logLikelihood(place)
            func every(_ values: [Double]) -> Estimate {
                Estimate(of: stride(from: place, to: 200, by: 2).map { values[$0] })
            }
            expect(every(bounds.elbos), is: exact - DiscreteModel.gap(place))
            expect(every(bounds.refinedELBOs), is: exact, slack: 0.001)
            expect(every(bounds.logLikelihoods), is: exact, slack: 0.001)
        }
    }

    @Test("Scores of examples")
    func scores() {
        var refinement = Refinement()
        refinement.steps = 300
        refinement.samples = 20
        var scorer = ExampleScorer(
            DiscreteModel(), samples: 400, refinement: refinement, noise: Generator(seed: 1))
        scorer.add(Batch(DiscreteModel.examples(100)))
        let scores = scorer.scores
        let typicality = scores.typicality(trainingMean: -3)
        for x in 0..<2 {
            func every(_ values: [Double]) -> Estimate {
                Estimate(of: stride(from: x, to: 200, by: 2).map { values[$0] })
            }
            let exact = DiscreteModel.logLikelihood(x)
            // 400 draws leave an 800th of the weights' variance.
            expect(every(scores.logLikelihoods), is: exact, slack: 0.001)
            expect(every(typicality), is: exact + 3, slack: 0.001)
            expect(every(scores.regrets), is: DiscreteModel.gap(x), slack: 0.001)
            // The likeliest z is 2 where x is 0, and 0 where it is 1.
            let error = x == 0 ? 0.15 * 0.15 : 0.1 * 0.1
            expect(every(scores.reconstructionErrors), is: error, slack: 1e-12)
        }
    }
}
