import Bounds
import Datasets
import Settings
import Tensors

extension GaussianVAE.Configuration: ModelRecipe {
    /// A Gaussian VAE.
    public func makeModel(using generator: inout Generator) throws -> any LatentVariableModel {
        try GaussianVAE(self, using: &generator)
    }

    /// Where the likelihood is one of levels, or noise makes it one.
    public var isOverLevels: Bool { likelihood.support == .levels || dequantization != .none }

    /// Counts are neither grey values nor zeros and ones.
    public func objection(to preprocessing: Preprocessing) -> String? {
        likelihood.support == .counts && preprocessing != .real
            ? "the likelihood '\(type(of: likelihood).kind)' is of counts 0, 1, 2, …" : nil
    }

    /// The numbers have to be those that the likelihood has a probability for.
    public func objection(to values: [Float]) -> String? {
        let kind = type(of: likelihood).kind
        switch likelihood.support {
        case .reals, .levels: return nil
        case .counts:
            return values.allSatisfy { $0 >= 0 && $0 == $0.rounded() }
                ? nil : "the likelihood '\(kind)' is of counts 0, 1, 2, …, and the data have other numbers"
        case .binary, .unitInterval:
            return values.allSatisfy { (0...1).contains($0) }
                ? nil : "the likelihood '\(kind)' is of numbers from 0 to 1, and the data have others"
        }
    }

    /// An autoencoder where the encoder is deterministic.
    public var title: String { posterior.isDeterministic ? "An autoencoder" : "A variational autoencoder" }

    /// The kind of its networks.
    public var runName: String { type(of: network).kind }

    /// The same model with another prior.
    public func replacingPrior(by prior: any PriorRecipe) -> (any ModelRecipe)? {
        var model = self
        model.prior = prior
        return model
    }
}
