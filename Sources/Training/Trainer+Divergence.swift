import Bounds
import Datasets
import Layers

// A run that is lost ends with an error, and keeps the checkpoint of before.
extension Trainer {
    /// Throws unless every weight, and every average of weights, is a finite number.
    func checkWeights() throws {
        let name = state.firstNotFinite() ?? average?.withAverages { learningStep.state.firstNotFinite() }
        if let name { throw TrainingError.weightsNotFinite(step: progress.step, name: name) }
    }

    /// Checks what training ends with.
    ///
    /// - Parameters:
    ///   - loss: On the validation split, where there is one.
    ///   - observer: Told when the run ends worse than it began.
    /// - Throws: `TrainingError` where the run has diverged.
    func checkEnd(validationLoss loss: Double?, _ observer: TrainingObserver) throws {
        try checkWeights()
        if let loss, !loss.isFinite { throw TrainingError.validationNotFinite(step: progress.step) }
        if 2 * progress.skippedSteps > progress.step {
            throw TrainingError.mostStepsSkipped(progress.skippedSteps, of: progress.step)
        }
        guard let start = progress.startLoss else { return }
        let end = try lossOfSome()
        // Written so that a loss which is not a number counts as worse.
        if !(end <= start) {
            observer.didWarn(
                "the run ends with a loss of \(inWords(end)) nats per example, worse than at its start "
                    + "(\(inWords(start))); lower the learning rate, or check the data for extreme values")
        }
    }

    /// The value that ranks epochs, of some examples: the first of the validation split, or of training without one.
    func lossOfSome() throws -> Double {
        try measure(firstBatches(of: data.validation ?? data.training)).sums.meanLoss
    }

    /// The first examples of a split in order, as many as tell of a run in passing.
    func firstBatches(of loader: BatchLoader) throws -> BatchLoader {
        let count = min(loader.source.count, Self.exampleLimit)
        return try BatchLoader(
            SubsetSource(loader.source, at: Array(0..<count)), batchSize: settings.batchSize)
    }
}

/// Three digits that count, for numbers of any size.
private func inWords(_ value: Double) -> String {
    abs(value) < 1e6 ? "\((value * 100).rounded() / 100)" : "\(Float(value))"
}
