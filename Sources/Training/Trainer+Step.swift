import Bounds
import Datasets
import Layers

extension Trainer {
    /// Steps without a finite loss that are skipped before training gives up.
    private static let patienceWithDivergence = 10

    /// One learning step on a batch.
    func step(on batch: Batch, observer: TrainingObserver) throws {
        let noise = noise(ofStep: progress.step)
        let rate = observer.learningRate(
            progress, schedule.learningRate(at: progress.step, base: settings.learningRate))
        progress.learningRate = rate
        let outcome: LearningStep.Outcome?
        do {
            outcome = try learningStep(
                on: data.preprocessing.apply(to: batch, using: noise), samples: settings.samples,
                at: moment(ofStep: progress.step), learningRate: rate, using: noise)
        } catch .discriminatorDiverged {
            throw TrainingError.discriminatorDiverged(step: progress.step)
        }
        if let outcome {
            average?.update()
            progress.skippedInARow = 0
            progress.note(loss: outcome.loss)
            progress.sums.add(outcome.bound, loss: outcome.loss, examples: batch.count)
        } else {
            try skip(observer)
        }
        progress.step += 1
        progress.batch += 1
        observer.didStep(progress)
    }

    /// When a step is taken, as the objective is told.
    func moment(ofStep step: Int) -> Moment {
        Moment(
            step: step, stepsPerEpoch: data.training.batchCount, exampleCount: data.training.source.count,
            averageLoss: progress.averageLoss)
    }

    private func skip(_ observer: TrainingObserver) throws {
        progress.skippedSteps += 1
        progress.skippedInARow += 1
        observer.didWarn(
            "step \(progress.step): the loss or its gradient is not finite; the step is skipped")
        if progress.skippedInARow >= Self.patienceWithDivergence {
            throw TrainingError.diverged(step: progress.step, inARow: progress.skippedInARow)
        }
    }
}
