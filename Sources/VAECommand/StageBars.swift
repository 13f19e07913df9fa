import CommandLineKit
import VAE

/// A progress bar for each stage of long work, one after another.
final class StageBars {
    private let style: ProgressBar.Style
    private var bar: ProgressBar?
    private var stage: String?
    private var completed = 0

    init(isQuiet: Bool) { style = .automatic(isQuiet: isQuiet) }

    /// Shows how far a stage is.
    func show(_ progress: WorkProgress) {
        if progress.stage != stage || progress.completed == 0 {
            finish()
            stage = progress.stage
            completed = 0
            bar = ProgressBar(progress.stage, total: progress.total, unit: progress.unit, style: style)
        }
        bar?.advance(by: progress.completed - completed)
        completed = progress.completed
    }

    /// Ends the bar of the last stage.
    func finish() {
        bar?.finish()
        bar = nil
    }
}
