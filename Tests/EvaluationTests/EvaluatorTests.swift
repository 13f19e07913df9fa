import Bounds
import Datasets
import Evaluation
import Foundation
import Probability
import Tensors
import TestSupport
import Testing

@Suite("Measuring a model")
struct EvaluatorTests {
    static func shifted() -> LinearGaussianModel {
        LinearGaussianModel(meanShift: 0.4, logVarianceShift: 0.5)
    }

    /// Eight draws from the toy.
    static func examples() -> Tensor {
        var generator = Generator(seed: 2)
        return LinearGaussianModel().examples(8, using: &generator)
    }

    @Test("−ELBO is distortion and rate, and what was measured is on record")
    func parts() {
        let found = evaluate(
            Self.shifted(), Self.examples(), boundSamples: 3, importanceSamples: 7, kind: .bound)
        expectClose(found.elbo.mean, -(found.distortion.mean + found.rate.mean), relative: 1e-12)
        #expect(found.split == "test" && found.kind == .bound && found.examples == 8)
        #expect(found.boundSamples == 3 && found.importanceSamples == 7)
        #expect(found.logLikelihood != nil)
        #expect(evaluate(Self.shifted(), Self.examples()).logLikelihood == nil)
    }

    /// The draws are the posterior's means, so that the numbers are a function of x alone.
    @Test(
        "The numbers are means over examples, however these are cut into batches",
        arguments: [[8], [1, 5, 2]])
    func batches(_ sizes: [Int]) throws {
        let model = MeanDraws(Self.shifted())
        let x = Self.examples()
        let noise = Generator(seed: 1)
        let bound = model.trace(of: Batch(x), using: noise).bound
        let likelihood = importanceWeightedLogLikelihood(model, Batch(x), samples: 4, using: noise)

        let found = evaluate(model, x, batches: sizes, boundSamples: 2, importanceSamples: 4)
        #expect(found.examples == 8)
        expectClose(found.elbo, Estimate(of: bound.elbo.array()), "ELBO")
        expectClose(found.distortion, Estimate(of: bound.distortion.array()), "distortion")
        expectClose(found.rate, Estimate(of: bound.rate.array()), "rate")
        expectClose(try #require(found.logLikelihood), Estimate(of: likelihood.array()), "log p(x)")
    }

    @Test("Draws are the same however examples are cut into batches")
    func draws() throws {
        func found(_ sizes: [Int]) -> Evaluation {
            evaluate(
                Self.shifted(), Self.examples(), batches: sizes, boundSamples: 2, importanceSamples: 4)
        }
        let (whole, cut) = (found([8]), found([1, 5, 2]))
        expectClose(cut.elbo, whole.elbo, "ELBO")
        expectClose(try #require(cut.logLikelihood), try #require(whole.logLikelihood), "log p(x)")
    }

    /// One example many times over, so that the spread is that of the draws.
    @Test(
        "With the exact posterior the ELBO is log p(x) within 4 of its own standard errors",
        arguments: 0..<5)
    func exactPosterior(_ example: Int) throws {
        let model = LinearGaussianModel()
        let x = fiveExamples[.range(example..<(example + 1))]
        let exact = model.exactLogLikelihood(of: x).scalar()
        let found = evaluate(
            model, x.broadcast(to: [4000, 3]), batches: [1500, 1500, 1000], importanceSamples: 3)
        #expect(found.elbo.standardError > 0)
        #expect(abs(found.elbo.mean - exact) < 4 * found.elbo.standardError)
        // Every weight is p(x), so that the importance-weighted estimate has no spread but rounding.
        expectClose(try #require(found.logLikelihood), Estimate(mean: exact, standardError: 0))
    }

    /// The rate is in closed form, so all of the spread is the draws'.
    ///
    /// The standard deviation of 4,000 values spread like a squared normal is known to 3 %: 15 % is more than
    /// four standard errors.
    @Test("Sixteen draws for each example quarter the standard error")
    func boundSamples() {
        let x = fiveExamples[.range(1..<2)].broadcast(to: [4000, 3])
        let one = evaluate(Self.shifted(), x, boundSamples: 1).elbo
        let sixteen = evaluate(Self.shifted(), x, boundSamples: 16).elbo
        expectClose(one.standardError / sixteen.standardError, 4, relative: 0.15)
    }

    @Test("Many draws in the likelihood find what the ELBO leaves")
    func importanceSamples() throws {
        let model = Self.shifted()
        let x = fiveExamples[.range(1..<2)]
        let exact = model.exactLogLikelihood(of: x).scalar()
        let found = evaluate(model, x.broadcast(to: [200, 3]), importanceSamples: 200)
        let likelihood = try #require(found.logLikelihood)
        #expect(found.elbo.mean < exact - 0.1)
        // 200 draws leave a gap of 0.002 nats.
        expectClose(likelihood.mean, exact, absolute: 4 * likelihood.standardError + 0.005)
    }

    @Test("Bits per dimension are −log₂ p(x) for each dimension, from the best bound there is")
    func bits() throws {
        let x = Self.examples()
        func found(_ kind: BoundKind, importanceSamples: Int = 0, dimensions: Int?) -> Evaluation {
            evaluate(
                Self.shifted(), x, importanceSamples: importanceSamples, kind: kind,
                discreteDimensions: dimensions)
        }
        for kind in [BoundKind.bound, .exact] {
            let plain = found(kind, dimensions: 6)
            expectClose(
                try #require(plain.bitsPerDimension), -plain.elbo.mean / (6 * log(2)), relative: 1e-14)
            let weighted = found(kind, importanceSamples: 9, dimensions: 6)
            let likelihood = try #require(weighted.logLikelihood)
            expectClose(
                try #require(weighted.bitsPerDimension), -likelihood.mean / (6 * log(2)), relative: 1e-14)
            #expect(weighted.bitsPerDimension != plain.bitsPerDimension)
            // Of continuous data a density is known, which has no bits.
            #expect(found(kind, importanceSamples: 9, dimensions: nil).bitsPerDimension == nil)
        }
        #expect(found(.loss, dimensions: 6).bitsPerDimension == nil)
        #expect(found(.loss, importanceSamples: 9, dimensions: 6).bitsPerDimension == nil)
    }

    @Test("The same noise gives the same numbers, and they come back from JSON")
    func repeatable() throws {
        let x = Self.examples()
        let found = evaluate(Self.shifted(), x, importanceSamples: 3, discreteDimensions: 3)
        #expect(evaluate(Self.shifted(), x, importanceSamples: 3, discreteDimensions: 3) == found)
        #expect(try JSONDecoder().decode(Evaluation.self, from: JSONEncoder().encode(found)) == found)
    }
}
