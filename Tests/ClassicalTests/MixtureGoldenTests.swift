import Classical
import Formats
import Foundation
import Tensors
import Testing
import TestSupport

@Suite("Mixtures against scikit-learn and SciPy")
struct MixtureGoldenTests {
    struct Table: Decodable {
        struct Mixture: Decodable {
            let short, converged, bic, aic: Double
        }

        let places: [Int]
        let steps: Int
        let inertia: Double
        let mixtures: [String: Mixture]
    }

    struct Penguins: Decodable {
        let places: [Int]
        let steps: Int
        let logLikelihood: Double
        let weights, rows: [Double]
        let means: [[Double]]
    }

    struct Golden: Decodable {
        let geyser, iris, wine: Table
        let penguins: Penguins
    }

    let golden: Golden

    init() throws {
        golden = try goldenValues("mixtures/mixtures")
    }

    /// The first so many columns of numbers.
    private func read(_ name: String, columns: Int) throws -> Tensor {
        let table = try CSV.read(dataFile("tabular/" + name))
        let array = try table.matrix(Array(table.numericNames.prefix(columns)))
        return Tensor(array.converted(to: Double.self), shape: array.shape)
    }

    private func table(_ name: String) throws -> (x: Tensor, golden: Table) {
        switch name {
        case "geyser": (try read("geyser.csv", columns: 2), golden.geyser)
        case "iris": (try read("iris.csv", columns: 4), golden.iris)
        default: (try read("wine.data", columns: 13), golden.wine)
        }
    }

    /// Components at rows, all with the covariance of the table.
    private func start(_ x: Tensor, _ kind: CovarianceKind, at places: [Int]) -> GaussianMixture {
        let gaps = x - x.mean(along: 0)
        let matrix = gaps.transposed().matmul(gaps) / Double(x.size(along: 0))
        let part =
            switch kind {
            case .full, .tied: matrix
            case .diagonal: matrix.diagonal()
            case .spherical: matrix.diagonal().mean()
            }
        return GaussianMixture(
            weights: Tensor.ones([places.count], dtype: .float64) / Double(places.count),
            means: x.gathering(Tensor(places), along: 0), covariance: kind,
            covariances: part.broadcast(to: kind.shape(components: places.count, size: x.size(along: 1)))
                .contiguous())
    }

    @Test("k-means ends with scikit-learn's inertia", arguments: ["geyser", "iris", "wine"])
    func inertia(name: String) throws {
        let (x, golden) = try table(name)
        var generator = Generator(seed: 1)
        let fit = try KMeansFit(
            x, .init(components: golden.places.count), from: x.gathering(Tensor(golden.places), along: 0),
            using: &generator)
        #expect(fit.isConverged)
        expectClose(fit.inertia, golden.inertia, relative: 1e-9)
    }

    @Test(
        "Mixtures have scikit-learn's log-likelihood after ten steps, and at the end",
        arguments: ["geyser", "iris", "wine"], CovarianceKind.allCases)
    func likelihood(name: String, kind: CovarianceKind) throws {
        let (x, table) = try table(name)
        let golden = try #require(table.mixtures[kind.rawValue])
        var generator = Generator(seed: 1)
        var settings = MixtureFit.Settings(components: table.places.count)
        settings.covariance = kind
        settings.floor = 0
        settings.tolerance = 0
        settings.iterations = table.steps
        let start = start(x, kind, at: table.places)
        let short = try MixtureFit(x, settings, from: start, using: &generator)
        expectClose(short.logs[0].last! * Double(x.size(along: 0)), golden.short, relative: 1e-6)
        settings.iterations = 20_000
        settings.tolerance = 1e-13
        let fit = try MixtureFit(x, settings, from: start, using: &generator)
        #expect(fit.isConverged && fit.collapses.isEmpty)
        expectClose(fit.logLikelihood, golden.converged, relative: 1e-6)
        expectClose(fit.bic, golden.bic, relative: 1e-6)
        expectClose(fit.aic, golden.aic, relative: 1e-6)
    }

    @Test(
        "Penguins of which numbers are missing have the marginals and the steps that SciPy finds row by row")
    func penguins() throws {
        var values = try read("penguins.csv", columns: 4).array(of: Double.self)
        for row in stride(from: 10, to: 300, by: 7) { values[row * 4 + row % 4] = .nan }
        for row in stride(from: 11, to: 300, by: 11) { values[row * 4 + 3] = .nan }
        let x = Tensor(values, shape: [values.count / 4, 4])
        let isMissing = x.isNaN()
        let known = (.!isMissing).converted(to: .float64)
        let zeroed = x.replacing(with: Tensor(zerosLike: x), where: isMissing)
        let mean = zeroed.sum(along: 0) / known.sum(along: 0)
        let variance = ((zeroed - mean).squared() * known).sum(along: 0) / known.sum(along: 0)
        let filled = x.replacing(with: mean.broadcast(to: x.shape), where: isMissing)
        let places = golden.penguins.places
        let start = GaussianMixture(
            weights: Tensor.ones([places.count], dtype: .float64) / Double(places.count),
            means: filled.gathering(Tensor(places), along: 0), covariance: .full,
            covariances: variance.diagonalMatrix().broadcast(to: [places.count, 4, 4]).contiguous())
        var settings = MixtureFit.Settings(components: places.count)
        settings.floor = 0
        settings.tolerance = 0
        settings.iterations = golden.penguins.steps
        var generator = Generator(seed: 1)
        let fit = try MixtureFit(x, settings, from: start, using: &generator)
        expectClose(fit.logLikelihood, golden.penguins.logLikelihood, relative: 1e-9)
        expectClose(fit.model.weights, Tensor(golden.penguins.weights), relative: 1e-6)
        expectClose(
            fit.model.means, Tensor(golden.penguins.means.flatMap { $0 }, shape: [3, 4]), relative: 1e-6)
        // Two rows have no number at all.
        #expect(fit.rows == x.size(along: 0) - 2)
        expectClose(
            fit.model.logProbability(of: x), Tensor(golden.penguins.rows), relative: 1e-6, absolute: 1e-9)
    }
}
