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

    /// Mean and standard deviation of each element, over all examples.
    ///
    /// Shapes: `exampleShape` both, float32; a deviation of 0 where an element never changes.
    ///
    /// - Parameter preprocessing: What the model sees of an example.
    /// - Returns: Both.
    /// - Throws: Errors of reading.
    public func moments(after preprocessing: Preprocessing) throws -> (
        mean: Tensor, standardDeviation: Tensor
    ) {
        let mean = try mean(after: preprocessing)
        var squares = Tensor.zeros(exampleShape, dtype: .float64)
        for batch in try BatchLoader(self, batchSize: 1000).batches() {
            let examples = preprocessing.apply(to: try batch.get(), using: Generator(seed: 0)).examples
            squares += (examples.converted(to: .float64) - mean.converted(to: .float64)).squared().sum(
                along: 0)
        }
        return (mean, (squares / Double(count)).squareRoot().converted(to: .float32))
    }
}
