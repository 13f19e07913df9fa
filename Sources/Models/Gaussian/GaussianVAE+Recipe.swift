import Bounds
import Settings
import Tensors

extension GaussianVAE.Configuration: ModelRecipe {
    /// A Gaussian VAE.
    public func makeModel(using generator: inout Generator) throws -> any LatentVariableModel {
        try GaussianVAE(self, using: &generator)
    }

    /// Where the likelihood is one of levels, or noise makes it one.
    public var isOverLevels: Bool { likelihood.support == .levels || dequantization != .none }

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
