import Classical
import Foundation
import Tensors
import Testing
import TestSupport

@Suite("Fitting of Gaussian mixtures")
struct MixtureFitTests {
    /// Fits with few steps, and expects that the likelihood never falls within a log.
    private func expectRise(
        _ x: Tensor, _ settings: MixtureFit.Settings, seed: UInt64,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var generator = Generator(seed: seed)
        let fit: MixtureFit
        do {
            fit = try MixtureFit(x, settings, using: &generator)
        } catch FitError.collapsed {
            // Without a floor, few rows may have no mixture at all.
            return #expect(settings.floor == 0, sourceLocation: sourceLocation)
        }
        for log in fit.logs {
            for (before, after) in zip(log, log.dropFirst()) {
                #expect(
                    after >= before - 1e-9 * (1 + abs(before)), "seed \(seed), \(settings)",
                    sourceLocation: sourceLocation)
            }
        }
        expectClose(fit.model.weights.sum().scalar(), 1, relative: 1e-12, sourceLocation: sourceLocation)
    }

    private func settings(_ kind: CovarianceKind, _ components: Int, floor: Double) -> MixtureFit.Settings {
        var settings = MixtureFit.Settings(components: components)
        settings.covariance = kind
        settings.start = .random
        settings.floor = floor
        settings.restarts = 1
        settings.iterations = 12
        settings.tolerance = 0
        return settings
    }

    @Test(
        "From thousands of starts the likelihood never falls", arguments: CovarianceKind.allCases,
        [0, 1e-4, 0.3])
    func neverFalls(_ kind: CovarianceKind, _ floor: Double) throws {
        let starts = kind == .full || kind == .tied ? 100 : 400
        for seed in 0..<starts {
            var generator = Generator(seed: UInt64(seed)).child(1)
            let x = generator.normal([6 + seed % 20, 1 + seed % 3], dtype: .float64)
            try expectRise(x, settings(kind, 1 + seed % 4, floor: floor), seed: UInt64(seed))
        }
    }

    @Test("It does not fall with numbers missing either", arguments: CovarianceKind.allCases, [0, 1e-4])
    func neverFallsWithHoles(_ kind: CovarianceKind, _ floor: Double) throws {
        for seed in 0..<40 {
            var generator = Generator(seed: UInt64(seed)).child(2)
            let x = withHoles(
                generator.normal([12 + seed % 9, 3], dtype: .float64), every: [2, 4, 5, 7][seed % 4])
            try expectRise(x, settings(kind, 2, floor: floor), seed: UInt64(seed))
        }
    }

    @Test("A component that shrinks onto a row is reported and begun anew, in a log of its own")
    func collapse() throws {
        // The second component knows a single row, and wherever it begins anew there are islands to be found.
        let values = (0..<40).map { row -> Double in Double(row % 2 * 30 + row * 7 % 11) }
        let x = Tensor(values, shape: [40, 1])
        let start = GaussianMixture(
            weights: Tensor([0.5, 0.5]), means: Tensor([20.0, values[0]], shape: [2, 1]),
            covariance: .diagonal,
            covariances: Tensor([300.0, 1e-4], shape: [2, 1]))
        var settings = settings(.diagonal, 2, floor: 0)
        settings.iterations = 200
        settings.tolerance = 1e-9
        var generator = Generator(seed: 3)
        let fit = try MixtureFit(x, settings, from: start, using: &generator)
        let first = try #require(fit.collapses.first)
        #expect(first.component == 1 && first.start == 0 && first.reason == "shrank to no variance")
        #expect(fit.logs.count == fit.collapses.count + 1)
        #expect(fit.logs.allSatisfy { !$0.isEmpty })
        #expect((fit.model.covariances .> 1).allTrue())
        #expect(fit.logLikelihood.isFinite)
    }

    @Test("With a floor the same component stays, on it, and is told of", arguments: CovarianceKind.allCases)
    func floored(_ kind: CovarianceKind) throws {
        let values = (0..<40).map { Double($0 % 7) + Double($0) / 100 } + [1000]
        let x = Tensor(values, shape: [41, 1])
        let start = GaussianMixture(
            weights: Tensor([0.5, 0.5]), means: Tensor([3.0, 1000], shape: [2, 1]), covariance: kind,
            covariances: Tensor.ones(kind.shape(components: 2, size: 1), dtype: .float64))
        var generator = Generator(seed: 3)
        let fit = try MixtureFit(x, settings(kind, 2, floor: 1e-6), from: start, using: &generator)
        #expect(fit.collapses.isEmpty)
        // The covariance that both share is that of the forty rows, far above it.
        #expect(fit.floored == (kind == .tied ? [] : [1]))
        guard kind != .tied else { return }
        // The floor is a share of the spread within clusters, of which the far row is one: that of the forty.
        let within =
            x.sliced(along: 0, from: 0, to: 40).variance(along: 0, isUnbiased: false).scalar() * 40 / 41
        expectClose(fit.model.covariances[1].scalar(), 1e-6 * within, relative: 1e-9)
    }

    @Test("A row far away does not widen the components of the others", arguments: CovarianceKind.allCases)
    func outlier(_ kind: CovarianceKind) throws {
        var generator = Generator(seed: 19)
        let near = generator.normal([59, 2], dtype: .float64)
        let x = Tensor.concatenated([near, Tensor([1e12, 1e12], shape: [1, 2])], along: 0)
        var settings = MixtureFit.Settings(components: 2)
        settings.covariance = kind
        let fit = try MixtureFit(x, settings, using: &generator)
        let place = fit.model.weights.array(of: Double.self).firstIndex { $0 > 0.5 } ?? 0
        let variances = kind == .tied ? fit.model.covariances : fit.model.covariances[.at(place)]
        let largest = variances.max().scalar()
        #expect(largest > 0.3 && largest < 3, "\(largest)")
    }

    @Test("A column that follows from another lays every component on the floor", arguments: [1e-6, 0.01])
    func dependent(_ floor: Double) throws {
        let values = (0..<40).flatMap { [Double($0), 2 * Double($0)] }
        for kind in CovarianceKind.allCases {
            var generator = Generator(seed: 16)
            let fit = try MixtureFit(
                Tensor(values, shape: [40, 2]), settings(kind, 2, floor: floor), using: &generator)
            #expect(fit.floored == ([.full, .tied].contains(kind) ? [0, 1] : []), "\(kind)")
        }
    }

    @Test(
        "Numbers that are large or small are fitted as others are, as far as they are taken at all",
        arguments: CovarianceKind.allCases)
    func scale(_ kind: CovarianceKind) throws {
        var noise = Generator(seed: 17)
        let x = withHoles(noise.normal([90, 2], dtype: .float64), every: 7)
        var settings = settings(kind, 2, floor: 1e-6)
        settings.start = .kMeans
        // Powers of two, which round nothing: 1e146 and 3e-142.
        let fits = try [0, 485, -470].map { exponent in
            var generator = Generator(seed: 18)
            return try MixtureFit(x * exp2(Double(exponent)), settings, using: &generator)
        }
        let numbers = Double(x.count) - x.isNaN().converted(to: .float64).sum().scalar()
        for (fit, exponent) in zip(fits, [0, 485, -470]) {
            expectClose(fit.model.means * exp2(-Double(exponent)), fits[0].model.means, absolute: 1e-10)
            let shift = numbers * Double(exponent) * log(2)
            expectClose(fit.logLikelihood + shift, fits[0].logLikelihood, absolute: 1e-8)
        }
    }

    @Test("Without a floor, rows that repeat leave nothing to fit, which is told with the mend")
    func hopeless() {
        let x = Tensor((0..<30).map { Double($0 % 3) }, shape: [30, 1])
        var settings = settings(.full, 3, floor: 0)
        settings.start = .kMeans
        settings.iterations = 1000
        settings.restarts = 2
        var generator = Generator(seed: 4)
        let error = #expect(throws: FitError.self) { try MixtureFit(x, settings, using: &generator) }
        #expect(error?.description.contains(" again and again, in all 2 starts; give a floor") == true)
    }

    @Test("Islands are found, and what they leave out is filled in", arguments: CovarianceKind.allCases)
    func islands(_ kind: CovarianceKind) throws {
        var generator = Generator(seed: 5)
        let noise = generator.normal([600, 2], dtype: .float64)
        let side = Tensor((0..<600).map { Double($0 % 2) * 12 - 6 }, shape: [600, 1])
        let whole = noise + side
        let x = withHoles(whole, every: 7)
        var settings = MixtureFit.Settings(components: 2)
        settings.covariance = kind
        let fit = try MixtureFit(x, settings, using: &generator)
        #expect(fit.isConverged && fit.rows == 600 && fit.collapses.isEmpty)
        let order = fit.model.means.selected(0, along: 1).sortedIndices(along: 0)
        // Means of 300 rows: 0.06 is their standard error; five of them.
        expectClose(
            fit.model.means.gathering(order, along: 0), Tensor([-6.0, -6, 6, 6], shape: [2, 2]), absolute: 0.3
        )
        expectClose(fit.model.weights, Tensor([0.5, 0.5]), absolute: 1e-6)
        let errors = (fit.model.imputed(x) - whole).magnitude()
        #expect(errors.max().scalar() < 6)
        expectClose(fit.logLikelihood, fit.model.logProbability(of: x).sum().scalar(), relative: 1e-12)
    }

    @Test("A row of which nothing was observed changes nothing")
    func emptyRows() throws {
        var noise = Generator(seed: 6)
        let x = noise.normal([50, 2], dtype: .float64)
        let holes = Tensor(repeating: .nan, shape: [3, 2], dtype: .float64)
        let start = randomMixture(.full, size: 2, seed: 7)
        let fits = try [x, Tensor.concatenated([holes, x], along: 0)].map { table in
            var generator = Generator(seed: 8)
            var settings = MixtureFit.Settings(components: 3)
            settings.iterations = 5
            return try MixtureFit(table, settings, from: start, using: &generator)
        }
        #expect(fits[1].rows == 50)
        expectClose(fits[1].model.means, fits[0].model.means, absolute: 1e-12)
        expectClose(fits[1].logLikelihood, fits[0].logLikelihood, relative: 1e-13)
    }

    @Test("Float32 rows give nearly the same", arguments: CovarianceKind.allCases)
    func float32(_ kind: CovarianceKind) throws {
        var noise = Generator(seed: 9)
        let x = noise.normal([2000, 3])
        let start = randomMixture(kind, size: 3, seed: 10)
        let fits = try [x, x.converted(to: .float64)].map { rows in
            var generator = Generator(seed: 11)
            return try MixtureFit(rows, settings(kind, 3, floor: 1e-6), from: start, using: &generator)
        }
        expectClose(fits[0].logLikelihood, fits[1].logLikelihood, relative: 1e-5)
        expectClose(fits[0].model.means, fits[1].model.means, absolute: 1e-3)
    }

    @Test("A stop keeps the best so far")
    func stop() throws {
        var generator = Generator(seed: 12)
        let x = generator.normal([100, 2], dtype: .float64)
        var steps = 0
        let fit = try MixtureFit(
            x, settings(.full, 2, floor: 1e-6), using: &generator, shouldStop: { steps >= 3 },
            didStep: { _, _, _ in steps += 1 })
        #expect(fit.logs[0].count == 3 && !fit.isConverged)
    }

    @Test(
        "What cannot be fitted is told in one line",
        arguments: [
            ([1.0, 2, 3, 4], 2, "2 rows for 3 components"),
            ([1, 7, 2, 7, 5, 7, 9, 7], 2, "column 2 has the same number in every row"),
            ([1, .nan, 2, .nan, 5, .nan, 9, .nan], 2, "column 2 has no number in any row"),
            ([1, 2, .infinity, 3, 5, 6, 7, 8], 2, "row 2, column 1: the number is not finite"),
            ([1, .nan, 3, -2e160, 5, 6, 7, 8], 2, "row 2, column 2: -2e+160 is beyond 1e+148"),
            ([1e-160, 1, 2e-160, 2, 4e-160, 3], 2, "column 1: its numbers differ by so little"),
            ([1, 2, 3, 4, 1, 2, 3, 4], 2, "2 different rows for 3 components"),
        ])
    func refusals(_ values: [Double], _ width: Int, _ text: String) {
        var generator = Generator(seed: 13)
        let error = #expect(throws: FitError.self) {
            try MixtureFit(
                Tensor(values, shape: [values.count / width, width]), .init(components: 3), using: &generator)
        }
        #expect(error?.description.hasPrefix(text) == true, "\(String(describing: error))")
    }

    @Test("Settings out of range are refused")
    func ranges() {
        var generator = Generator(seed: 14)
        var settings = MixtureFit.Settings(components: 1)
        settings.floor = 1
        #expect(throws: FitError.invalid(setting: "floor", value: "1.0", allowed: "0 to below 1")) {
            try MixtureFit(Tensor([1.0, 2], shape: [2, 1]), settings, using: &generator)
        }
    }
}
