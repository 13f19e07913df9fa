import Datasets
import Figures
import Foundation
import Layers
import Models
import Runs
import Settings
import Training

extension Report {
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
