import Bounds
import Datasets
import Foundation
import Layers
import Models
import Tensors

extension Trainer {
    /// Steps without a finite loss that are left out before training gives up.
    private static let patienceWithDivergence = 10

    /// One learning step on a batch.
    func step(on batch: Batch, observer: TrainingObserver) throws {
        let x = data.preprocessing.apply(to: batch.examples, using: &progress.noise)
        var bound: Bound?
        let (loss, raw) = state.valueWithGradients {
            // Encode, draw z, decode.
            let terms = model.terms(for: x, samples: settings.samples, using: &progress.noise)
            // The KL of the posterior from the prior, and the distortion.
            let parts = terms.bound()
            bound = parts
            // Combine.
            return objective.loss(of: parts, atStep: progress.step)
        }
        // Step, unless something is not a number.
        var gradients = raw
        let limit = settings.gradientLimit
        let norm = limit > 0 ? gradients.clip(toGlobalNorm: limit) : gradients.globalNorm()
        if loss.scalar().isFinite && norm.scalar().isFinite {
            let rate = schedule.learningRate(at: progress.step, base: settings.learningRate)
            optimizer.step(gradients: gradients, learningRate: rate)
            average?.update()
            progress.skippedInARow = 0
            progress.sums.add(bound!, examples: batch.indices.count)
        } else {
            try skip(observer)
        }
        progress.step += 1
        progress.batch += 1
        observer.didStep(progress)
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
