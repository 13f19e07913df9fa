import CommandLineKit
import Foundation
import VAE

/// What a run folder holds.
struct RunContents: Encodable {
    let run: String
    let configuration: RunConfiguration
    /// The step of each checkpoint by name.
    let checkpoints: [String: Int]
    let parameters: [TensorEntry]
    let metrics: [MetricsRecord]

    /// Reads a run; one without a checkpoint yet has no parameters.
    init(_ folder: RunFolder, path: String) throws {
        run = path
        configuration = try folder.configuration(as: RunConfiguration.self)
        metrics = try folder.metrics()
        var steps: [String: Int] = [:]
        var parameters: [TensorEntry] = []
        for name in try folder.checkpointNames() {
            let checkpoint = try folder.checkpoint(name)
            let progress = checkpoint.metadata["progress"].flatMap {
                try? JSONDecoder().decode(TrainingProgress.self, from: Data($0.utf8))
            }
            steps[name.rawValue] = progress?.step ?? 0
            parameters = checkpoint.tensors.filter { $0.key.hasPrefix("model/") }.map {
                TensorEntry(String($0.key.dropFirst("model/".count)), $0.tensor)
            }
        }
        checkpoints = steps
        self.parameters = parameters
    }

    var text: String {
        let training = configuration.training
        let steps = checkpoints.sorted { $0.key < $1.key }.map { "\($0.key) at step \($0.value)" }
        let lines: [String?] = [
            "run: \(run)",
            "data: \(configuration.data.source), \(configuration.inputSummary)",
            "model: \(configuration.model.summary)",
            "objective: \(training.objectiveSummary)",
            "training: \(training.epochs) epoch\(training.epochs == 1 ? "" : "s"), batches of \(training.batchSize), \(type(of: training.optimizer).kind) at "
                + "\(training.learningRate), \(type(of: training.schedule).kind) schedule, seed \(configuration.seed)",
            configuration.command(configuredAt: run + "/config.json").map { "repeat it: " + $0 },
            "checkpoints: " + (steps.isEmpty ? "none yet" : steps.joined(separator: ", ")),
        ]
        let sections = [
            lines.compactMap { $0?.printable }.joined(separator: "\n") + "\n",
            parameters.isEmpty ? nil : TensorEntry.table(parameters),
            metrics.isEmpty ? nil : history,
        ]
        return sections.compactMap { $0 }.joined(separator: "\n")
    }

    private var history: String {
        let names = ["elbo", "distortion", "rate"]
        var table = Table(
            [("epoch", .right), ("step", .right), ("split", .left)] + names.map { ($0, .right) } + [
                ("seconds", .right)
            ])
        for record in metrics {
            table.append(
                [nats(record.epoch, digits: 0), "\(record.step)", record.split]
                    + names.map { name in record.values[name].map { nats($0, digits: 2) } ?? "" }
                    + [nats(record.seconds, digits: 1)])
        }
        return ((try? configuration.kindNote()).flatMap(\.self).map { "note: \($0.printable)\n" } ?? "")
            + table.text
    }

    private func nats(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
