import Datasets

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
