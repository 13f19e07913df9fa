import Tensors

extension DataSource {
    /// The mean of what a model sees of all examples, `exampleShape`, float32.
    ///
    /// - Throws: What reading them throws.
    public func mean(after preprocessing: Preprocessing) throws -> Tensor {
        // Zeros and ones drawn anew have the grey values as their means.
        let expected = preprocessing == .dynamic ? .grey : preprocessing
        var sum = Tensor.zeros(exampleShape, dtype: .float64)
        for batch in try BatchLoader(self, batchSize: 1000).batches() {
            let examples = expected.apply(to: try batch.get(), using: Generator(seed: 0)).examples
            sum += examples.converted(to: .float64).sum(along: 0)
        }
        return (sum / Double(count)).converted(to: .float32)
    }
}
