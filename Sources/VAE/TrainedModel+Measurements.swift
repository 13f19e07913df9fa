import Formats
import Foundation
import Reports

// What has been measured of a run stays in its folder.
extension TrainedModel {
    private var evaluationURL: URL { run.url.appendingPathComponent("evaluation.json") }

    /// What has been measured of these weights; `nil` where nothing has, or of other weights only.
    ///
    /// - Throws: `FormatError.file` where that cannot be read.
    public var storedEvaluation: RunEvaluation? {
        get throws { try stored(at: evaluationURL, checksum: \.checksum) }
    }

    /// Keeps measurements in the run, beside those of other kinds that were made of the same weights.
    ///
    /// - Throws: `FormatError.file`.
    public func store(_ evaluation: RunEvaluation) throws {
        var evaluation = evaluation
        if let stored = try storedEvaluation { evaluation.complete(from: stored) }
        try run.write(ResultJSON.text(evaluation), to: evaluationURL)
    }

    private var gradientsURL: URL { run.url.appendingPathComponent("gradients.json") }

    /// What has been measured of these weights' gradients; `nil` where nothing has, or of other weights only.
    ///
    /// - Throws: `FormatError.file` where that cannot be read.
    public var storedGradients: RunGradients? {
        get throws { try stored(at: gradientsURL, checksum: \.checksum) }
    }

    /// Keeps a measurement in the run, in place of the one before.
    ///
    /// - Throws: `FormatError.file`.
    public func store(_ gradients: RunGradients) throws {
        try run.write(ResultJSON.text(gradients), to: gradientsURL)
    }

    /// A measurement in a file, unless it is of other weights.
    private func stored<Measurement: Decodable>(
        at url: URL, checksum: KeyPath<Measurement, String?>
    ) throws -> Measurement? {
        let data: Data
        do {
            data = try InputFile.contents(of: url)
        } catch FormatError.file(_, .missing) {
            return nil
        }
        guard
            let stored = try? ResultJSON.decode(Measurement.self, from: data),
            let measured = stored[keyPath: checksum], measured == self.checksum
        else { return nil }
        return stored
    }
}
