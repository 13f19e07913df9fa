import Bounds
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
        var noise = Generator(seed: 6)
        return importanceWeightedLogLikelihood(
            model, fiveExamples.broadcast(to: [repeats, 5, 3]), samples: samples,
            elementLimit: elementLimit, using: &noise)
    }

    /// Every weight is p(x) itself then, so that only the rounding of float64 is left.
    @Test(
        "With the exact posterior any number of draws, in any chunks, gives log p(x)",
        arguments: [1, 2, 7, 100], [1, 60, 1 << 22])
    func exactPosterior(samples: Int, elementLimit: Int) {
        let model = LinearGaussianModel()
        var noise = Generator(seed: 1)
        let found = importanceWeightedLogLikelihood(
            model, fiveExamples, samples: samples, elementLimit: elementLimit, using: &noise)
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

    /// The same ten draws of each example, dealt out as they are asked for, leave nothing to chance.
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
        let model = Self.shifted()
        let posterior = model.posterior(of: fiveExamples)
        var noise = Generator(seed: 3)
        let pile = posterior.draw([10], using: &noise).value
        let groups = model.groups(posterior, draws: pile)
        let whole = Terms(
            groups: groups, likelihood: model.likelihood(of: groups.map(\.draw.value)),
            examples: fiveExamples)

        var (example, taken) = (0, 0)
        let dealer = ChosenDraws(model) { part, count in
            let size = part.mean.size(along: 0)
            let dealt = pile.sliced(along: 0, from: taken, to: taken + count)
                .sliced(along: 1, from: example, to: example + size)
            taken += count
            if taken == 10 { (example, taken) = (example + size, 0) }
            return dealt
        }
        let found = importanceWeightedLogLikelihood(
            dealer, fiveExamples, samples: 10, elementLimit: elementLimit, using: &noise)
        #expect(dealer.requests == requests)
        expectClose(found, whole.importanceWeightedBound(), relative: 1e-12)
    }

    @Test("The weights of a float32 model are joined in float64")
    func singlePrecision() throws {
        var generator = Generator(seed: 1)
        let configuration = GaussianVAE.Configuration(
            exampleShape: [4], latents: 2, network: .mlp(hidden: [3]))
        let model = try GaussianVAE(configuration, using: &generator)
        let found = importanceWeightedLogLikelihood(
            model, .ones([2, 4]), samples: 6, elementLimit: 16, using: &generator)
        #expect(found.shape == [2])
        #expect(found.dtype == .float64)
        #expect(found.isFinite().allTrue())
    }
}
