import Bounds
import Datasets
import Layers

extension Trainer {
    /// Steps without a finite loss that are left out before training gives up.
    private static let patienceWithDivergence = 10

    /// One learning step on a batch.
    func step(on batch: Batch, observer: TrainingObserver) throws {
        let x = data.preprocessing.apply(to: batch.examples, using: &progress.noise)
        let rate = schedule.learningRate(at: progress.step, base: settings.learningRate)
        let learnt: (loss: Double, bound: Bound)?
        do {
            learnt = try learningStep(
                on: x, classes: batch.labels, samples: settings.samples,
                at: moment(ofStep: progress.step), learningRate: rate, using: &progress.noise)
        } catch .discriminatorDiverged {
            throw TrainingError.discriminatorDiverged(step: progress.step)
        }
        if let learnt {
            average?.update()
            progress.skippedInARow = 0
            progress.note(loss: learnt.loss)
            progress.sums.add(learnt.bound, examples: batch.indices.count)
        } else {
            try skip(observer)
        }
        progress.step += 1
        progress.batch += 1
        observer.didStep(progress)
    }

    /// What the objective is told of a step.
    func moment(ofStep step: Int) -> Moment {
        Moment(
            step: step, stepsPerEpoch: data.training.batchCount, exampleCount: data.training.source.count,
            averageLoss: progress.averageLoss)
    }

    private func skip(_ observer: TrainingObserver) throws {
        progress.skippedSteps += 1
        progress.skippedInARow += 1
        observer.didWarn(
            "step \(progress.step): the loss or its gradient is not finite; the step is left out")
        if progress.skippedInARow >= Self.patienceWithDivergence {
            throw TrainingError.diverged(step: progress.step, inARow: progress.skippedInARow)
        }
    }
}
