import CommandLineKit
import Foundation
import VAE

/// What a person sees of a training run on standard error: a bar over all steps, and a line for each epoch.
final class TrainingDisplay {
    private let bar: ProgressBar
    private let isQuiet: Bool
    private let epochs: Int
    private let isLoss: Bool
    private let hasSplit: Bool
    /// Whether what is minimized is something else than −ELBO, so that epochs are ranked by another number.
    private let hasOwnLoss: Bool
    private var seconds: Double

    /// A display for a session that is about to train.
    init(_ session: TrainingSession, isQuiet: Bool) {
        self.isQuiet = isQuiet
        epochs = session.configuration.training.epochs
        isLoss = session.boundKind == .loss
        hasSplit = session.traits.hasSplit
        hasOwnLoss = !(session.configuration.training.objective is ELBORecipe)
        let progress = session.trainer.progress
        seconds = progress.seconds
        let batchSize = session.configuration.training.batchSize
        let stepsPerEpoch = (session.splits.training.count + batchSize - 1) / batchSize
        bar = ProgressBar(
            "training", total: epochs * stepsPerEpoch, completed: progress.step, unit: "step",
            style: .automatic(isQuiet: isQuiet))
    }

    /// Tells the display of steps and epochs.
    var observer: TrainingObserver {
        TrainingObserver(
            didStep: { [self] progress in
                let sums = progress.sums
                bar.advance(
                    postfix: hasOwnLoss
                        ? "objective \(nats(sums.meanLoss))"
                        : "\(isLoss ? "loss" : "elbo") \(nats(total(sums.elbo)))")
            },
            didFinishEpoch: { [self] progress, records in
                if !isQuiet { bar.print(line(progress, records)) }
                seconds = progress.seconds
            },
            didWarn: { [self] warning in bar.print("warning: " + warning) })
    }

    /// Ends the bar.
    func finish() { bar.finish(postfix: "") }

    /// `epoch 3/10  elbo -105.2  distortion 80.1  rate 25.1  validation -106.0  1.4 s`; of another objective its loss as well.
    private func line(_ progress: TrainingProgress, _ records: [MetricsRecord]) -> String {
        func value(_ name: String, _ split: String) -> Double? {
            records.first { $0.split == split }?.values[name]
        }
        var parts = ["epoch \(progress.epoch)/\(epochs)"]
        if let elbo = value("elbo", "train") {
            parts.append("\(isLoss ? "loss" : "elbo") \(nats(total(elbo)))")
        }
        for name in hasSplit ? ["distortion", "rate"] : [] {
            if let value = value(name, "train") { parts.append("\(name) \(nats(value))") }
        }
        if let loss = value("loss", "train"), hasOwnLoss { parts.append("objective \(nats(loss))") }
        if let value = value(hasOwnLoss ? "loss" : "elbo", "validation") {
            parts.append("validation \(nats(hasOwnLoss ? value : total(value)))")
        }
        parts.append(String(format: "%.1f s", progress.seconds - seconds))
        return parts.joined(separator: "  ")
    }

    /// A loss is shown as what is minimised.
    private func total(_ elbo: Double) -> Double { isLoss ? -elbo : elbo }
}

/// Nats for a person to read.
func nats(_ value: Double) -> String {
    String(format: abs(value) < 10 ? "%.2f" : "%.1f", value)
}
