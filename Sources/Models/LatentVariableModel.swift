import Bounds
import Layers
import Probability
import Tensors

/// A model of data through a latent: encoder q(z | x), prior p(z), decoder p(x | z).
///
/// Training, evaluation and compression see a model through this alone. A model with several latent groups lists
/// them in ancestral order everywhere.
public protocol LatentVariableModel: Module {
    /// Encodes a batch: the posterior, the prior and draws of each latent group.
    ///
    /// - Parameters:
    ///   - x: `[batch, ...]`, preprocessed.
    ///   - samples: How many draws of z each example gets.
    ///   - generator: Draws them.
    /// - Returns: The groups, with draws of shape `[samples, batch, ...]`.
    func latentGroups(for x: Tensor, samples: Int, using generator: inout Generator) -> [LatentGroup]

    /// Draws z from the prior: one `[count, ...]` for each group.
    func sampleLatents(_ count: Int, using generator: inout Generator) -> [Tensor]

    /// p(x | z) for given latents, one `[..., size]` for each group.
    func likelihood(of latents: [Tensor]) -> any Likelihood
}

extension LatentVariableModel {
    /// What the model says of a batch: encode it, draw z, decode.
    ///
    /// - Parameters:
    ///   - x: `[batch, ...]`, preprocessed.
    ///   - samples: How many draws of z each example gets.
    ///   - generator: Draws them.
    /// - Returns: The terms of which bounds, weights and gradients are made.
    public func terms(for x: Tensor, samples: Int = 1, using generator: inout Generator) -> Terms {
        let groups = latentGroups(for: x, samples: samples, using: &generator)
        return Terms(groups: groups, likelihood: likelihood(of: groups.map(\.draw.value)), examples: x)
    }
}

/// A distribution of data that can be shown: its draws and its centre are pictures or rows.
public typealias Likelihood = Distribution & HasCentre
