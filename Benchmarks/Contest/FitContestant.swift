import Foundation
import VAE

/// So many steps of k-means, or of expectation maximisation with diagonal covariances, from a given start.
struct FitContestant: Contestant {
    private let workload: Workload
    private let x: Tensor
    private let centres: Tensor

    init(_ workload: Workload, from start: URL) throws {
        self.workload = workload
        let data = try Checkpoint(readingFrom: start).section("data")
        x = data["x"]!
        centres = data["centres"]!
    }

    /// The inertia, or the mean log-likelihood, at the end.
    private func fit() throws -> Double {
        var generator = Generator(seed: 1)
        let count = centres.size(along: 0)
        if workload.kind == .kmeans {
            var settings = KMeansFit.Settings(components: count)
            settings.iterations = workload.samples
            return try KMeansFit(x, settings, from: centres, using: &generator).inertia
        }
        var settings = MixtureFit.Settings(components: count)
        settings.covariance = .diagonal
        settings.iterations = workload.samples
        settings.tolerance = 0
        settings.floor = 0
        let start = GaussianMixture(
            weights: Tensor.ones([count], dtype: .float64) / Double(count), means: centres,
            covariance: .diagonal, covariances: Tensor.ones(centres.shape, dtype: .float64))
        return try MixtureFit(x, settings, from: start, using: &generator).logs[0].last!
    }

    mutating func check() throws -> [Double] { [try fit()] }

    mutating func `repeat`(_ count: Int) throws {
        for _ in 0..<count { _ = try fit() }
    }
}
