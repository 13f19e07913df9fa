import Classical
import Foundation
import Tensors

/// The file of k-means.
struct KMeansFile: Codable {
    static let name = "k-means"

    var version = 1
    var model = name
    /// What it was fitted to, and the inertia Σ |x − c|².
    let fit: ModelFile.FitSummary
    /// A row of numbers for each centre.
    let centres: NumberArray
    /// σ² of p(x | z).
    let variance: Double

    init(_ model: KMeans, _ summary: ModelFile.FitSummary) {
        fit = summary
        centres = NumberArray(model.centres)
        variance = model.variance
    }

    /// The model, its numbers checked.
    func model(path: String) throws -> ModelFile {
        let check = try FileCheck(path: path, source: fit.source)
        try check.require(variance > 0 && variance.isFinite, "variance", "is \(variance), not positive")
        try check.requireRows(centres, "centres")
        return .kMeans(KMeans(centres: centres.tensor, variance: variance), fit)
    }
}

/// The file of a Gaussian mixture.
struct MixtureFile: Codable {
    static let name = "gaussian-mixture"

    var version = 1
    var model = name
    /// What it was fitted to; Σ log p(x) of the rows, BIC and AIC.
    let fit: ModelFile.FitSummary
    /// π, a number for each component.
    let weights: NumberArray
    /// μ, a row of numbers for each component.
    let means: NumberArray
    /// `full`, `tied`, `diagonal` or `spherical`.
    let covariance: CovarianceKind
    /// Σ: a matrix for each component, one matrix, a row of variances for each component, or a variance for each.
    let covariances: NumberArray

    init(_ model: GaussianMixture, _ summary: ModelFile.FitSummary) {
        fit = summary
        weights = NumberArray(model.weights)
        means = NumberArray(model.means)
        covariance = model.covariance
        covariances = NumberArray(model.covariances)
    }

    /// The model, its numbers checked.
    func model(path: String) throws -> ModelFile {
        let check = try FileCheck(path: path, source: fit.source)
        try check.requireRows(means, "means")
        let (count, size) = (means.shape[0], means.shape[1])
        try check.require(
            weights.shape == [count] && weights.values.allSatisfy { $0 > 0 }
                && abs(weights.values.reduce(0, +) - 1) < 1e-6, "weights",
            "are not \(count) positive numbers that sum to one")
        let shape = covariance.shape(components: count, size: size)
        try check.require(
            covariances.shape == shape && covariances.values.allSatisfy(\.isFinite), "covariances",
            "are not \(shape.map(String.init).joined(separator: "×")) finite numbers")
        let tensor = covariances.tensor
        let isMatrix = covariance == .full || covariance == .tied
        try check.require(
            !isMatrix || (tensor .== tensor.transposed()).allTrue(), "covariances", "are not symmetric")
        let least = isMatrix ? tensor.symmetricEigen().values.min() : tensor.min()
        try check.require(least.scalar() > 0, "covariances", "are not positive definite")
        return .gaussianMixture(
            GaussianMixture(
                weights: weights.tensor, means: means.tensor, covariance: covariance, covariances: tensor),
            fit)
    }
}

/// What is asked of the numbers in a file.
private struct FileCheck {
    let path: String
    /// The numbers in a row.
    private let width: Int

    /// Asks for a width, or the shape of an image that can be drawn; and names for all numbers, if any.
    init(path: String, source: FitSource) throws {
        self.path = path
        let shape = source.shape
        let isImage = shape.count == 3 && [1, 3].contains(shape[0])
        let isSane = (shape.count == 1 || isImage) && shape.allSatisfy { (1...(1 << 20)).contains($0) }
        width = isSane ? shape.reduce(1, *) : 0
        try require(
            isSane, "fit.source.shape",
            "is \(shape), neither the width of a row nor the channels (1 or 3), height and width of an image")
        let names = source.columns?.count ?? width
        try require(names == width, "fit.source.columns", "has \(names) names for rows of \(width) numbers")
    }

    func require(_ holds: Bool, _ key: String, _ reason: @autoclosure () -> String) throws {
        guard holds else { throw ModelFileError.invalid(path: path, key: key, reason: reason()) }
    }

    /// At least one row, as wide as the source says.
    func requireRows(_ array: NumberArray, _ key: String) throws {
        try require(
            array.shape.count == 2 && array.shape[0] > 0 && array.shape[1] == width
                && array.values.allSatisfy(\.isFinite), key,
            "are not rows of finite numbers, \(width) in each as 'fit.source.shape' says")
    }
}
