import Formats
import Foundation
import Reports

// What has been measured of a run stays in its folder.
extension TrainedModel {
    private var evaluationURL: URL { run.url.appendingPathComponent("evaluation.json") }

    /// What has been measured of these weights; `nil` where nothing has, or of other weights only.
    public var storedEvaluation: RunEvaluation? {
        guard let data = try? Data(contentsOf: evaluationURL),
            let stored = try? ResultJSON.decode(RunEvaluation.self, from: data),
            stored.checksum != nil, stored.checksum == checksum
        else { return nil }
        return stored
    }

    /// Keeps measurements in the run, beside those of other kinds that were made of the same weights.
    ///
    /// - Throws: `FormatError.file`.
    public func store(_ evaluation: RunEvaluation) throws {
        var evaluation = evaluation
        if let stored = storedEvaluation { evaluation.complete(from: stored) }
        try run.write(ResultJSON.text(evaluation), to: evaluationURL)
    }

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
        try run.write(ResultJSON.text(gradients), to: gradientsURL)
    }
}
