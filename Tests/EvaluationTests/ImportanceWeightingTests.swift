import Bounds
import Datasets
import Evaluation
import Models
import Probability
import Tensors
import TestSupport
import Testing

@Suite("log p(x) by importance sampling")
struct ImportanceWeightingTests {
    static func shifted() -> LinearGaussianModel {
        LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
    }

    /// The estimate for each of the examples, `repeats` times independently: `[repeats, 5]`.
    static func estimates(
        _ model: LinearGaussianModel, samples: Int, repeats: Int, elementLimit: Int = 1 << 22
    ) -> Tensor {
        importanceWeightedLogLikelihood(
            model, fiveExamples(times: repeats), samples: samples, elementLimit: elementLimit,
            using: Generator(seed: 6)
        ).reshaped([repeats, 5])
    }

    /// Every weight is p(x) itself then, so that only the rounding of float64 is left.
    @Test(
        "With the exact posterior any number of draws, in any chunks, gives log p(x)",
        arguments: [1, 2, 7, 100], [1, 60, 1 << 22])
    func exactPosterior(samples: Int, elementLimit: Int) {
        let model = LinearGaussianModel()
        let found = importanceWeightedLogLikelihood(
            model, Batch(fiveExamples), samples: samples, elementLimit: elementLimit,
            using: Generator(seed: 1))
        expectClose(found, model.exactLogLikelihood(of: fiveExamples), relative: 1e-12)
    }

    /// The gap of the bound at a thousand draws is a ninth of the standard error of 64 repeats.
    @Test(
        "With another posterior many draws come within 4 standard errors, in one chunk or in four",
        arguments: [1 << 22, 64 * 5 * 3 * 300])
    func manyDraws(elementLimit: Int) {
        let model = Self.shifted()
        let found = Self.estimates(model, samples: 1000, repeats: 64, elementLimit: elementLimit)
        expectMean(ofDraws: found, is: model.exactLogLikelihood(of: fiveExamples), within: 4)
    }

    @Test("With one draw it is the ELBO in expectation, below log p(x) by KL(q ‖ posterior)")
    func oneDraw() throws {
        let model = Self.shifted()
        let gap = try #require(
            model.posterior(of: fiveExamples).klDivergence(to: model.exactPosterior(of: fiveExamples)))
        #expect((gap .> 0.1).allTrue())
        let found = Self.estimates(model, samples: 1, repeats: 4000)
        expectMean(ofDraws: found, is: model.exactLogLikelihood(of: fiveExamples) - gap, within: 4)
    }

    /// A draw is a function of its number and the example's index, so that nothing is left to chance.
    @Test(
        "Parts join to the estimate of all draws at once, and none is larger than allowed",
        arguments: [
            // Three outputs for each draw of each example: all five, two or one of them with all their draws.
            (1 << 22, [10]), (3 * 50, [10]), (3 * 29, [10, 10, 10]), (3 * 10, [10, 10, 10, 10, 10]),
            // No room for all draws of one example.
            (3 * 4 + 2, (0..<5).flatMap { _ in [4, 4, 2] }), (3 * 9, (0..<5).flatMap { _ in [9, 1] }),
            // One draw is the least that can be taken.
            (0, [Int](repeating: 1, count: 50)),
        ] as [(Int, [Int])])
    func parts(elementLimit: Int, requests: [Int]) {
        let model = NotedWalks(Self.shifted())
        let noise = Generator(seed: 3)
        let found = importanceWeightedLogLikelihood(
            model, Batch(fiveExamples), samples: 10, elementLimit: elementLimit, using: noise)
        #expect(model.requests == requests)
        #expect(zip(model.requests, model.counts).map(*).reduce(0, +) == 5 * 10)
        let whole = Self.shifted().trace(of: Batch(fiveExamples), samples: 10, using: noise)
        expectClose(found, whole.importanceWeightedBound(), relative: 1e-12)
    }

    @Test("The weights of a float32 model are joined in float64")
    func singlePrecision() throws {
        var generator = Generator(seed: 1)
        let configuration = GaussianVAE.Configuration(
            exampleShape: [4], latents: 2, network: .mlp(hidden: [3]))
        let model = try GaussianVAE(configuration, using: &generator)
        let found = importanceWeightedLogLikelihood(
            model, Batch(.ones([2, 4])), samples: 6, elementLimit: 16, using: generator)
        #expect(found.shape == [2])
        #expect(found.dtype == .float64)
        #expect(found.isFinite().allTrue())
    }
}
