import Bounds
import Datasets
import Models
import Tensors

/// A model by name, with everything that determines it but its weights.
public enum ModelRecipe: Codable, Sendable, Equatable {
    /// The Gaussian VAE.
    case gaussianVAE(GaussianVAE.Configuration)

    /// A model with random weights.
    ///
    /// - Throws: `ModelsError` when the recipe does not describe one.
    public func makeModel(using generator: inout Generator) throws -> any LatentVariableModel {
        switch self {
        case .gaussianVAE(let configuration): try GaussianVAE(configuration, using: &generator)
        }
    }

    /// The shape of an example.
    public var exampleShape: [Int] {
        switch self {
        case .gaussianVAE(let configuration): configuration.exampleShape
        }
    }

    /// The size of z.
    public var latents: Int {
        switch self {
        case .gaussianVAE(let configuration): configuration.latents
        }
    }

    /// Whether the model's likelihood is one of the levels of 8-bit data.
    public var isOverLevels: Bool {
        switch self {
        case .gaussianVAE(let configuration): configuration.likelihood.isOverLevels
        }
    }

    /// Whether the model's numbers bound the likelihood of data that have been preprocessed so.
    public func boundKind(of preprocessing: Preprocessing) -> BoundKind {
        switch self {
        case .gaussianVAE(let configuration):
            // A Bernoulli is a distribution of zeros and ones only.
            configuration.likelihood == .bernoulli && !preprocessing.isBinary ? .loss : .bound
        }
    }

    /// What to call the model in reports.
    public var summary: String {
        switch self {
        case .gaussianVAE(let configuration): "Gaussian VAE, " + configuration.summary
        }
    }

    private enum CodingKeys: String, CodingKey {
        case gaussianVAE = "gaussian-vae"
    }

    /// Reads `{"gaussian-vae": {…}}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self = .gaussianVAE(try container.decode(GaussianVAE.Configuration.self, forKey: .gaussianVAE))
    }

    /// Writes `{"gaussian-vae": {…}}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .gaussianVAE(let configuration): try container.encode(configuration, forKey: .gaussianVAE)
        }
    }
}
