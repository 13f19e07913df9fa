import Bounds
import Layers
import Probability
import Tensors

/// A model of data through a latent: encoder q(z | x), prior p(z), decoder p(x | z).
///
/// Training, evaluation and compression see a model through this alone. A model with several latent groups lists
/// them in ancestral order everywhere.
public protocol LatentVariableModel: Module {
    /// The posteriors, priors and draws of each group and the likelihood, for a batch of examples.
    ///
    /// - Parameters:
    ///   - x: `[batch, ...]`, preprocessed.
    ///   - samples: How many draws of z each example gets.
    ///   - generator: Draws them.
    func terms(for x: Tensor, samples: Int, using generator: inout Generator) -> Terms

    /// Draws z from the prior, `[count, ...]` for each group.
    ///
    /// - Parameter generator: Draws them.
    func sampleLatents(_ count: Int, using generator: inout Generator) -> [Tensor]

    /// p(x | z) for given latents, one `[count, ...]` for each group.
    func likelihood(of latents: [Tensor]) -> any Likelihood
}

/// A distribution of data that can be shown: its draws and its mean are pictures or rows.
public typealias Likelihood = Distribution & HasMean
