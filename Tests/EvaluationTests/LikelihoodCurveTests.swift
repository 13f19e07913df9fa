import Bounds
import Datasets
import Evaluation
import Tensors
import TestSupport
import Testing

@Suite("log p(x) by the number of draws")
struct LikelihoodCurveTests {
    @Test("The numbers of draws are powers of ten, and the last")
    func counts() {
        #expect(likelihoodCurveSamples(upTo: 1) == [1])
        #expect(likelihoodCurveSamples(upTo: 10) == [1, 10])
        #expect(likelihoodCurveSamples(upTo: 250) == [1, 10, 100, 250])
    }

    @Test(
        "A point is what the first draws give alone, in whatever parts they come",
        arguments: [1 << 22, 3 * 4])
    func prefixes(elementLimit: Int) {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
        let batch = Batch(fiveExamples)[0..<1]
        let noise = Generator(seed: 3)
        let found = importanceWeightedCurve(
            model, batch, samples: [1, 3, 10], elementLimit: elementLimit, using: noise)
        for (place, count) in [1, 3, 10].enumerated() {
            let trace = model.trace(of: batch, samples: count, using: noise)
            expectClose(found[.at(place)], trace.importanceWeightedBound(), relative: 1e-12)
        }
    }

    @Test("The curve rises within 4 standard errors of each rise, to log p(x)")
    func rises() throws {
        let model = LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
        let x = fiveExamples(times: 60).examples
        let found = evaluate(model, x, batches: [100, 200], importanceSamples: 1000)
        let curve = found.likelihoodCurve
        #expect(curve.map(\.samples) == [1, 10, 100, 1000])
        #expect(curve[0].rise == nil)
        #expect(curve.last?.logLikelihood == found.logLikelihood)
        for point in curve.dropFirst() {
            let rise = try #require(point.rise)
            #expect(rise.mean > -4 * rise.standardError)
        }
        // The gap of KL(q ‖ posterior) = 0.65 nats is found, with much smaller errors than the spread of the examples.
        let first = try #require(curve[1].rise)
        #expect(first.mean > 4 * first.standardError)
        let exact = model.exactLogLikelihood(of: x).mean().scalar()
        let last = try #require(curve[3].rise)
        expectClose(curve[3].logLikelihood.mean, exact, absolute: 4 * last.standardError)
    }
}
