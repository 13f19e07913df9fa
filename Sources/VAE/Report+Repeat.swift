import Datasets
import Figures
import Formats
import Foundation
import Layers
import Models
import Runs
import Settings
import Training

extension Report {
    /// Whether a run has a page, and it was made of the latest checkpoint.
    ///
    /// - Throws: `FormatError` or `RunsError` where that cannot be found out.
    public static func isCurrent(of run: RunFolder) throws -> Bool {
        guard let checksum = try run.checkpoint(.latest).checksum else { return false }
        do {
            return try InputFile.contents(of: run.reportURL).range(of: Data(checksum.utf8)) != nil
        } catch FormatError.file(_, .missing) {
            return false
        }
    }

    /// What was trained and how, with the command that does it again.
    func repeatSection() throws -> ReportPage.Section {
        let configuration = trained.configuration
        let training = configuration.training
        let last = try trained.run.metrics().last
        let rows: [[String]] = [
            ["data", "\(configuration.data.source), \(configuration.inputSummary)"],
            ["model", configuration.model.summary],
            ["epochs", "\(Int(last?.epoch ?? 0)) of \(training.epochs), batches of \(training.batchSize)"],
            ["objective", training.objectiveSummary],
            [
                "optimizer",
                "\(type(of: training.optimizer).kind), \(training.learningRate), "
                    + "\(type(of: training.schedule).kind) schedule",
            ],
            ["latest checkpoint", try trained.run.checkpoint(.latest).checksum ?? ""],
            ["training time", String(format: "%.1f s", last?.seconds ?? 0)],
        ]
        var section = ReportPage.Section("To repeat it")
        section.add(ReportPage.Table(columns: [.text("what"), .text("how")], rows: rows))
        section.add(
            paragraph:
                "config.json in this folder holds every choice; the same seed and number of threads give the "
                + "same weights.")
        let file = trained.run.url.relativePath + "/config.json"
        if let command = configuration.command(configuredAt: file) { section.add(command: command) }
        return section
    }
}
