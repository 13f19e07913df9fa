import Bounds
import Datasets
import Tensors

/// The examples to learn from and, if any, those to choose the best checkpoint by.
public struct TrainingData {
    /// Shuffled batches.
    public let training: BatchLoader
    /// Batches in order; absent when there is no validation split.
    public let validation: BatchLoader?
    /// What the model sees of an example.
    public let preprocessing: Preprocessing

    /// Loaders and preprocessing.
    public init(training: BatchLoader, validation: BatchLoader?, preprocessing: Preprocessing) {
        self.training = training
        self.validation = validation
        self.preprocessing = preprocessing
    }
}

extension TrainingData {
    /// How many numbers a model's latents have together, as it encodes the first example.
    func unitCount(of model: any LatentVariableModel) throws -> Int {
        let first = try training.source.batch(0..<1)
        let noise = Generator(seed: 0)
        return withoutGradients {
            model.trace(of: preprocessing.apply(to: first, using: noise), using: noise).latents
                .reduce(0) { $0 + $1.unitCount }
        }
    }
}
