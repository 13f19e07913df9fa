import Bounds
import Datasets
import Models
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
    /// How many numbers a model's z has, all groups together, as it encodes the first example.
    func unitCount(of model: any LatentVariableModel) throws -> Int {
        var noise = Generator(seed: 0)
        let examples = try training.source.examples(at: [0])
        let classes = training.source.labels.map { [$0[0]] }
        return withoutGradients {
            let x = preprocessing.apply(to: examples, using: &noise)
            return model.given(classes).latentGroups(for: x, samples: 1, using: &noise).latents
                .reduce(0) { $0 + $1.unitCount }
        }
    }
}
