import Bounds
import Evaluation
import Models
import Probability
import Tensors
import TestSupport
import Testing

@Suite("Scores of examples")
struct ScoreTests {
    @Test("Each score of the toy is what its definition says, however examples are cut into batches")
    func definitions() throws {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
        var refinement = Refinement()
        refinement.steps = 200
        var scorer = ExampleScorer(model, samples: 2000, refinement: refinement, noise: Generator(seed: 1))
        for range in [0..<2, 2..<5] { scorer.add(fiveExamples[.range(range)]) }
        let scores = scorer.scores
        #expect(scorer.obstacle == nil)
        let exact = model.exactLogLikelihood(of: fiveExamples)
        // The standard deviation of 2,000 weights' mean is 0.02 nats.
        expectClose(Tensor(scores.logLikelihoods), exact, absolute: 0.08)
        let gap = try #require(
            model.posterior(of: fiveExamples).klDivergence(to: model.exactPosterior(of: fiveExamples)))
        expectClose(Tensor(scores.regrets), gap, absolute: 0.1)
        let picture = model.likelihood(of: [model.posterior(of: fiveExamples).mean]).centre
        expectClose(
            Tensor(scores.reconstructionErrors), (fiveExamples - picture).squared().sum(along: 1),
            relative: 1e-12)
        expectClose(
            scores.typicality(trainingMean: -3), scores.logLikelihoods.map { abs($0 + 3) }, relative: 1e-12)
    }

    @Test("An example from elsewhere has the lower likelihood")
    func ranking() {
        let model = LinearGaussianModel()
        var noise = Generator(seed: 2)
        var scorer = ExampleScorer(model, samples: 1, refinement: nil, noise: Generator(seed: 1))
        scorer.add(model.examples(200, using: &noise))
        scorer.add(model.examples(200, using: &noise) * 4)
        let scores = scorer.scores
        #expect(scores.regrets.isEmpty)
        let area = areaUnderROC(
            high: Array(scores.logLikelihoods.prefix(200)), low: Array(scores.logLikelihoods.suffix(200)))
        #expect(area > 0.9)
    }

    @Test("What cannot be refined has no regret, and the other scores")
    func obstacle() throws {
        var generator = Generator(seed: 1)
        var configuration = GaussianVAE.Configuration(
            exampleShape: [4], latents: 2, network: .mlp(hidden: [3]))
        configuration.posterior = .full
        var scorer = ExampleScorer(
            try GaussianVAE(configuration, using: &generator), samples: 2, refinement: Refinement(),
            noise: Generator(seed: 1))
        scorer.add(.ones([3, 4]))
        #expect(scorer.obstacle == .posteriorNotDiagonal && scorer.scores.regrets.isEmpty)
        #expect(scorer.scores.logLikelihoods.count == 3)
    }

    @Test(
        "The area under the ROC curve is the share of pairs in order, ties half",
        arguments: [
            ([3, 4], [1, 2], 1), ([1, 2], [3, 4], 0), ([1, 1], [1, 1, 1], 0.5), ([2, 5], [1, 3], 0.75),
            ([2, 3], [2, 1], 0.875),
        ] as [([Double], [Double], Double)])
    func area(_ row: (high: [Double], low: [Double], area: Double)) {
        #expect(areaUnderROC(high: row.high, low: row.low) == row.area)
    }

    @Test("Of an empty set there is no area")
    func emptySet() {
        #expect(areaUnderROC(high: [], low: [1]).isNaN)
    }
}
