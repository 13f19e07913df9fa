import Bounds
import Datasets
import Layers
import Tensors

extension Trainer {
    /// Measures the running statistics of the averaged weights, on the first training examples.
    ///
    /// They depend on the averages alone, so that when they are measured changes no step.
    func measureStatistics() throws {
        // Before the first step they are as they were made.
        guard let average, average.hasStatistics, progress.step > 0, statisticsStep != progress.step else {
            return
        }
        let noise = noise(ofStep: progress.step).child(named: "statistics")
        try average.measureStatistics {
            for batch in try firstBatches(of: data.training).batches() {
                let batch = data.preprocessing.apply(to: try batch.get(), using: noise)
                withoutGradients {
                    let trace = model.trace(of: batch, using: noise)
                    for update in trace.updates { update.apply(update.sums(trace)) }
                }
            }
        }
        statisticsStep = progress.step
    }
}
