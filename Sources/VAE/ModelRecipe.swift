import Bounds
import Datasets
import Models
import Tensors

/// A model by name, with everything that determines it but its weights.
public enum ModelRecipe: Codable, Sendable, Equatable {
    /// The Gaussian VAE.
    case gaussianVAE(GaussianVAE.Configuration)
    /// A normalising flow.
    case flow(FlowModel.Configuration)

    /// A model with random weights.
    ///
    /// - Throws: `ModelsError` when the recipe does not describe one.
    public func makeModel(using generator: inout Generator) throws -> any LatentVariableModel {
        switch self {
        case .gaussianVAE(let configuration): try GaussianVAE(configuration, using: &generator)
        case .flow(let configuration): try FlowModel(configuration, using: &generator)
        }
    }

    /// The shape of an example.
    public var exampleShape: [Int] {
        switch self {
        case .gaussianVAE(let configuration): configuration.exampleShape
        case .flow(let configuration): configuration.exampleShape
        }
    }

    /// How many classes the model is told of; 0 for none.
    public var classes: Int {
        switch self {
        case .gaussianVAE(let configuration): configuration.classes
        case .flow: 0
        }
    }

    /// Whether the model's likelihood is one of the levels of 8-bit data.
    public var isOverLevels: Bool {
        switch self {
        case .gaussianVAE(let configuration):
            configuration.likelihood.isOverLevels || configuration.dequantization != .none
        case .flow(let configuration): configuration.dequantization != .none
        }
    }

    /// What kind of model it is, with its article, to begin a heading.
    public var title: String {
        switch self {
        case .gaussianVAE(let configuration):
            configuration.posterior == .deterministic ? "An autoencoder" : "A variational autoencoder"
        case .flow: "A normalising flow"
        }
    }

    /// What to call the model in reports.
    public var summary: String {
        switch self {
        case .gaussianVAE(let configuration): "Gaussian VAE, " + configuration.summary
        case .flow(let configuration): configuration.summary
        }
    }

    private enum CodingKeys: String, CodingKey {
        case gaussianVAE = "gaussian-vae"
        case flow
    }

    /// Reads `{"gaussian-vae": {…}}` or `{"flow": {…}}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self =
            container.contains(.flow)
            ? .flow(try container.decode(FlowModel.Configuration.self, forKey: .flow))
            : .gaussianVAE(try container.decode(GaussianVAE.Configuration.self, forKey: .gaussianVAE))
    }

    /// Writes what is read.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .gaussianVAE(let configuration): try container.encode(configuration, forKey: .gaussianVAE)
        case .flow(let configuration): try container.encode(configuration, forKey: .flow)
        }
    }
}
