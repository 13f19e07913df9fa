import Datasets
import Evaluation

/// What 'vae gradients' has measured of a run, with everything that the numbers depend on: `gradients.json`.
public struct RunGradients: Codable, Sendable, Equatable {
    /// The checksum of the checkpoint that was measured.
    public var checksum: String?
    /// The data.
    public var data: String
    /// What the model saw of them.
    public var preprocessing: Preprocessing
    /// The seed of the draws.
    public var seed: Int
    /// Noise and bias of the estimators.
    public var gradients: GradientReport

    /// A measurement.
    public init(
        checksum: String?, data: String, preprocessing: Preprocessing, seed: Int, gradients: GradientReport
    ) {
        self.checksum = checksum
        self.data = data
        self.preprocessing = preprocessing
        self.seed = seed
        self.gradients = gradients
    }
}
