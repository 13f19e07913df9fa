import Foundation
import VAE

/// How a run ended, for standard output.
struct TrainingSummary: Encodable {
    let run: String
    let outcome: String
    let kind: BoundKind
    let epochs: Int
    let steps: Int
    let skippedSteps: Int
    let seconds: Double
    /// The numbers of the last epoch by split.
    let metrics: [String: [String: Double]]
    let report: String?
    let figures: [String]

    /// The summary of a session that has come to rest.
    init(_ session: TrainingSession, _ outcome: Trainer.Outcome) throws {
        let folder = session.run
        let manager = FileManager.default
        let progress = session.trainer.progress
        let path = folder.url.relativePath
        run = path
        self.outcome =
            switch outcome {
            case .finished: "finished"
            case .stoppedEarly: "stopped early"
            case .interrupted: "interrupted"
            }
        kind = session.boundKind
        epochs = progress.epoch
        steps = progress.step
        skippedSteps = progress.skippedSteps
        seconds = progress.seconds
        metrics = Dictionary(try folder.metrics().map { ($0.split, $0.values) }) { $1 }
        report = manager.fileExists(atPath: folder.reportURL.path) ? path + "/report.html" : nil
        let names = (try? manager.contentsOfDirectory(atPath: folder.figuresURL.path)) ?? []
        figures = names.filter { $0.hasSuffix(".png") }.sorted().map { "\(path)/figures/\($0)" }
    }

    /// The folder and what is worth opening in it.
    var lines: [String] {
        var lines = ["run: \(run)"]
        if let report { lines.append("report: \(report)") }
        if !figures.isEmpty { lines.append("pictures: " + figures.joined(separator: " ")) }
        return lines
    }
}
