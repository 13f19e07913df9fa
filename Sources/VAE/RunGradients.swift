import Datasets
import Evaluation
import Formats
import Foundation

/// What 'vae gradients' has measured of a run, with everything that the numbers depend on: `gradients.json`.
public struct RunGradients: Codable, Sendable, Equatable {
    /// The checksum of the checkpoint that was measured.
    public var checksum: String?
    /// The data.
    public var data: String
    /// What the model saw of them.
    public var preprocessing: Preprocessing
    /// The seed of the draws.
    public var seed: Int
    /// Noise and bias of the estimators.
    public var gradients: GradientReport

    /// A measurement.
    public init(
        checksum: String?, data: String, preprocessing: Preprocessing, seed: Int, gradients: GradientReport
    ) {
        self.checksum = checksum
        self.data = data
        self.preprocessing = preprocessing
        self.seed = seed
        self.gradients = gradients
    }
}

extension TrainedModel {
    private var gradientsURL: URL { run.url.appendingPathComponent("gradients.json") }

    /// What has been measured of these weights' gradients; `nil` where nothing has, or of other weights only.
    public var storedGradients: RunGradients? {
        guard let data = try? Data(contentsOf: gradientsURL),
            let stored = try? ResultJSON.decode(RunGradients.self, from: data),
            stored.checksum != nil, stored.checksum == checksum
        else { return nil }
        return stored
    }

    /// Keeps a measurement in the run, in place of the one before.
    ///
    /// - Throws: `FormatError.file`.
    public func store(_ gradients: RunGradients) throws {
        try AtomicFile.write(ResultJSON.text(gradients), to: gradientsURL)
    }
}
