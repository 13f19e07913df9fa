import Bounds
import Classical
import Foundation
import Tensors
import Testing
import TestSupport

@Suite("k-means")
struct KMeansTests {
    /// Rows about `count` centres that lie far apart.
    private func islands(_ count: Int, rows: Int, size: Int, seed: UInt64) -> (x: Tensor, centres: Tensor) {
        var generator = Generator(seed: seed)
        let centres =
            Tensor.range(to: Double(count), dtype: .float64).expanded(at: 1)
            * Tensor.ones([count, size], dtype: .float64) * 20
        let places = (0..<rows).map { $0 % count }
        let noise = generator.normal([rows, size], dtype: .float64)
        return (centres.gathering(Tensor(places), along: 0) + noise, centres)
    }

    @Test("Islands are found, with their means as centres", arguments: [DType.float64, .float32])
    func islands(_ dtype: DType) throws {
        let (x, _) = islands(5, rows: 400, size: 3, seed: 1)
        var generator = Generator(seed: 2)
        let fit = try KMeansFit(x.converted(to: dtype), .init(components: 5), using: &generator)
        #expect(fit.isConverged && fit.reseeded == 0)
        let order = fit.model.centres.selected(0, along: 1).sortedIndices(along: 0)
        let means = Tensor.stacked(
            (0..<5).map { x.sliced(along: 0, from: $0, to: 400, by: 5).mean(along: 0) })
        let absolute = dtype == .float64 ? 1e-12 : 1e-5
        expectClose(fit.model.centres.gathering(order, along: 0), means, absolute: absolute)
        let kept = fit.model.decode(fit.model.codes(of: x))
        expectClose(
            fit.inertia, (x - kept).squared().sum().scalar(), relative: dtype == .float64 ? 1e-10 : 1e-5)
        expectClose(fit.model.variance, fit.inertia / Double(x.count))
        expectClose(fit.labels, fit.model.codes(of: x))
    }

    @Test("The inertia keeps its digits where clusters are tight and far apart", arguments: [1e3, 1e5, 1e7])
    func farApart(_ distance: Double) throws {
        var generator = Generator(seed: 3)
        let places = Tensor((0..<200).map { Double($0 % 2) * distance }, shape: [200, 1])
        let x = places + generator.normal([200, 2], dtype: .float64) * 0.01
        let fit = try KMeansFit(x, .init(components: 2), using: &generator)
        let kept = fit.model.decode(fit.model.codes(of: x))
        expectClose(fit.inertia, (x - kept).squared().sum().scalar(), relative: 1e-6)
    }

    @Test("A row far away does not widen the clusters of the others")
    func outlier() throws {
        var generator = Generator(seed: 21)
        let near = generator.normal([59, 2], dtype: .float64)
        let x = Tensor.concatenated([near, Tensor([1e12, 1e12], shape: [1, 2])], along: 0)
        let fit = try KMeansFit(x, .init(components: 3), using: &generator)
        #expect(!fit.isVarianceFloored)
        expectClose(fit.model.variance, fit.inertia / Double(x.count), relative: 1e-12)
        #expect(fit.model.variance > 0.2 && fit.model.variance < 1.2)
        let samples = fit.model.sample(200, using: &generator)
        // Six standard deviations of two numbers.
        #expect(fit.model.distances(of: samples).min(along: 1).max().scalar() < 9)
    }

    @Test(
        "Rows that are their own centres have a floor for a variance, which is told", arguments: [1.0, 1e6])
    func flooredVariance(scale: Double) throws {
        var generator = Generator(seed: 22)
        // Three places, many rows in each: the means round.
        let x = Tensor((0..<300).map { Double($0 % 3) * 0.1 * scale + 0.7 }, shape: [300, 1])
        let fit = try KMeansFit(x, .init(components: 3), using: &generator)
        #expect(fit.isVarianceFloored)
        #expect(fit.model.variance > 0 && fit.model.variance < 1e-28 * scale * scale)
        #expect(fit.model.bound(of: x).elbo.isFinite().allTrue())
    }

    @Test("Numbers that are large are fitted as others are, as far as they are taken at all")
    func scale() throws {
        // 2^485 is 1e146, 2^50 1e15, and powers of two round nothing.
        for (dtype, exponent) in [(DType.float64, 485), (.float32, 50)] {
            var noise = Generator(seed: 11)
            let x = noise.normal([300, 3], dtype: dtype)
            let fits = try [0, exponent].map { exponent in
                var generator = Generator(seed: 12)
                return try KMeansFit(x * exp2(Double(exponent)), .init(components: 4), using: &generator)
            }
            expectClose(fits[1].inertia, fits[0].inertia * exp2(Double(2 * exponent)), relative: 1e-9)
            expectClose(fits[1].labels, fits[0].labels)
        }
    }

    @Test("Float32 rows are taken as far as their own squares reach")
    func float32Limit() {
        var generator = Generator(seed: 13)
        #expect(throws: FitError.tooLarge(row: 3, column: 1, value: Double(Float(-2e17)), limit: 1e16)) {
            try KMeansFit(
                Tensor([1, 2, -2e17] as [Float], shape: [3, 1]), .init(components: 2), using: &generator)
        }
    }

    @Test("The inertia never rises, whatever the start", arguments: KMeansStart.allCases)
    func neverRises(_ start: KMeansStart) throws {
        for seed in 0..<100 {
            var generator = Generator(seed: UInt64(seed))
            var settings = KMeansFit.Settings(components: 2 + seed % 6)
            settings.start = start
            settings.restarts = 1
            let fit = try KMeansFit(
                generator.normal([8 + seed, 1 + seed % 4], dtype: .float64), settings, using: &generator)
            for (before, after) in zip(fit.log, fit.log.dropFirst()) {
                #expect(after <= before * (1 + 1e-12) + 1e-12, "seed \(seed)")
            }
        }
    }

    @Test("The best of the starts is kept, and the same seed gives the same bits")
    func restarts() throws {
        var noise = Generator(seed: 3)
        let x = noise.normal([300, 4], dtype: .float64)
        var settings = KMeansFit.Settings(components: 8)
        var found: [Int: Double] = [:]
        var generator = Generator(seed: 4)
        let fit = try KMeansFit(
            x, settings, using: &generator, didStep: { start, _, inertia in found[start] = inertia })
        #expect(found.count == 10)
        expectClose(fit.inertia, found.values.min()!)
        expectClose(fit.inertia, found[fit.start]!)
        var again = Generator(seed: 4)
        expectClose(try KMeansFit(x, settings, using: &again).model.centres, fit.model.centres)
        settings.iterations = 1
        settings.restarts = 1
        #expect(try !KMeansFit(x, settings, using: &generator).isConverged)
    }

    @Test("A centre that no row is near to moves to the row that is furthest from its own")
    func empty() throws {
        let x = Tensor([0.0, 1, 2, 50], shape: [4, 1])
        var generator = Generator(seed: 5)
        let fit = try KMeansFit(
            x, .init(components: 2), from: Tensor([1.0, 1000], shape: [2, 1]), using: &generator)
        #expect(fit.reseeded == 1)
        expectClose(fit.model.centres, Tensor([1.0, 50], shape: [2, 1]), absolute: 1e-12)
        expectClose(fit.inertia, 2, absolute: 1e-10)
    }

    @Test("Minibatches come near to what all rows find")
    func minibatches() throws {
        let (x, _) = islands(4, rows: 2000, size: 2, seed: 6)
        var settings = KMeansFit.Settings(components: 4)
        settings.restarts = 3
        settings.minibatch = 100
        settings.iterations = 60
        var generator = Generator(seed: 7)
        let fit = try KMeansFit(x, settings, using: &generator)
        settings.minibatch = nil
        let whole = try KMeansFit(x, settings, using: &generator)
        #expect(fit.inertia < whole.inertia * 1.02)
        #expect(fit.inertia >= whole.inertia * (1 - 1e-12))
        #expect(fit.log.count == 61)
    }

    @Test("The bound misses log p(x) of the mixture by −log of the posterior's share of the nearest centre")
    func bound() throws {
        var generator = Generator(seed: 8)
        let x = generator.normal([50, 3], dtype: .float64)
        let model = KMeans(centres: generator.normal([4, 3], dtype: .float64), variance: 0.7)
        let mixture = GaussianMixture(
            weights: Tensor.ones([4], dtype: .float64) / 4, means: model.centres, covariance: .spherical,
            covariances: Tensor(repeating: 0.7, shape: [4], dtype: .float64))
        let codes = model.codes(of: x).expanded(at: 1)
        let shares = mixture.responsibilities(of: x).gatheringElements(at: codes, along: 1).squeezed(at: 1)
        let bound = model.bound(of: x)
        expectClose(bound.elbo - shares.log(), mixture.logProbability(of: x), relative: 1e-12)
        expectClose(bound.rate, Tensor(repeating: log(4), shape: [50], dtype: .float64))
        let distances = model.distances(of: x)
        #expect(distances.shape == [50, 4])
        expectClose(distances.argmin(along: 1), model.codes(of: x))
        expectClose(
            (x - model.decode(model.codes(of: x))).squared().sum(along: 1).squareRoot(),
            distances.min(along: 1),
            relative: 1e-14)
    }

    @Test("Draws have the mean and the variances of the model")
    func samples() {
        let model = KMeans(centres: Tensor([-1.0, 0, 3, 2], shape: [2, 2]), variance: 0.25)
        var generator = Generator(seed: 9)
        let draws = model.sample(20_000, using: &generator)
        expectMean(ofDraws: draws, is: Tensor([1.0, 1]))
        expectMean(ofDraws: (draws - 1).squared(), is: Tensor([4.25, 1.25]))
    }

    @Test(
        "What cannot be fitted is told in one line",
        arguments: [
            ([1.0, 2], 3, "2 rows for 3 components"), ([1, 1, 1, 1], 2, "1 different row for 2 components"),
            ([1, .nan, 2], 2, "row 2, column 1: a number is missing"),
            ([1, 2, .infinity], 2, "row 3, column 1: the number is not finite"),
            (
                [1, 1e160, 3e160], 2,
                "row 2, column 1: 1e+160 is beyond 1e+148, where sums of squares overflow"
            ),
        ])
    func refusals(_ values: [Double], _ components: Int, _ text: String) {
        var generator = Generator(seed: 10)
        let error = #expect(throws: FitError.self) {
            try KMeansFit(
                Tensor(values, shape: [values.count, 1]), .init(components: components), using: &generator)
        }
        #expect(error?.description.hasPrefix(text) == true, "\(String(describing: error))")
    }
}
