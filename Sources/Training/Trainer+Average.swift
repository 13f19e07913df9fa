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
        let source = data.training.source
        let noise = noise(ofStep: progress.step).child(named: "statistics")
        try average.measureStatistics {
            for start in stride(from: 0, to: min(source.count, Self.exampleLimit), by: settings.batchSize) {
                let end = min(start + settings.batchSize, source.count, Self.exampleLimit)
                let batch = data.preprocessing.apply(to: try source.batch(start..<end), using: noise)
                withoutGradients {
                    let trace = model.trace(of: batch, using: noise)
                    for update in trace.updates { update.apply(update.sums(trace)) }
                }
            }
        }
        statisticsStep = progress.step
    }
}
