import Bounds
import Datasets
import Evaluation
import Models
import Probability
import Tensors
import TestSupport
import Testing

@Suite("Scores of examples")
struct ScoreTests {
    /// The bound of 400 draws and the refinement each leave 0.001 nats.
    @Test("Each score of the toy is within 4 standard errors of what it is, however examples are cut")
    func definitions() throws {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
        var refinement = Refinement()
        refinement.steps = 300
        refinement.samples = 20
        var scorer = ExampleScorer(model, samples: 400, refinement: refinement, noise: Generator(seed: 1))
        let batch = fiveExamples(times: 20)
        let x = batch.examples
        for part in batch.cut([38, 62]) { scorer.add(part) }
        let scores = scorer.scores
        #expect(scorer.obstacle == nil)
        func expectScore(_ found: [Double], _ expected: Tensor) {
            expect(Estimate(of: (Tensor(found) - expected).array()), is: 0, slack: 0.003)
        }
        let exact = model.exactLogLikelihood(of: x)
        expectScore(scores.logLikelihoods, exact)
        expectScore(scores.typicality(trainingMean: -20), exact + 20)
        expectClose(
            scores.typicality(trainingMean: -3), scores.logLikelihoods.map { abs($0 + 3) }, relative: 1e-12)
        expectScore(scores.regrets, model.divergence(of: model.posterior(of: x), from: x))
        let picture = model.likelihood(of: model.posterior(of: x).mean).centre
        expectClose(
            Tensor(scores.reconstructionErrors), (x - picture).squared().sum(along: 1), relative: 1e-12)
    }

    @Test("An example from elsewhere has the lower likelihood")
    func ranking() {
        let model = LinearGaussianModel()
        var noise = Generator(seed: 2)
        var scorer = ExampleScorer(model, samples: 1, refinement: nil, noise: Generator(seed: 1))
        scorer.add(Batch(model.examples(200, using: &noise)))
        scorer.add(Batch(model.examples(200, using: &noise) * 4, indices: Array(200..<400)))
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
        configuration.posterior = .planar(layers: 2)
        var scorer = ExampleScorer(
            try GaussianVAE(configuration, using: &generator), samples: 2, refinement: Refinement(),
            noise: Generator(seed: 1))
        scorer.add(Batch(.ones([3, 4])))
        #expect(scorer.obstacle == .posteriorNotRefinable && scorer.scores.regrets.isEmpty)
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
        #expect(areaUnderROC(high: [.nan, 2], low: [1]).isNaN, "a score that is no number is none")
    }
}
