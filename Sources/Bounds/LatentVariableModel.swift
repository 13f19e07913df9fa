import Datasets
import Layers
import Probability
import Tensors

/// A model of data through latents: encoder q(z | x), prior p(z) and decoder p(x | z), written as one walk.
///
///     func callAsFunction(_ walk: Walk) -> any Distribution {
///         let z = walk.latent("z", prior: prior, posterior: walk.evidence { encoder($0) })
///         return decoder(z)
///     }
///
/// Training, evaluation, generation and compression know a model through this alone.
public protocol LatentVariableModel: Module {
    /// Asks for each latent in ancestral order and returns p(x | z), with the batch axes `[samples, batch]`; without
    /// latents p(x) itself.
    func callAsFunction(_ walk: Walk) -> any Distribution
}

extension LatentVariableModel {
    /// Walks through the model and returns what the walk leaves.
    public func trace(_ walk: Walk) -> Trace {
        let likelihood = self(walk)
        return Trace(walk, likelihood) { [self] in trace($0) }
    }

    /// The trace of an inference over a batch with evidence of its own.
    ///
    /// - Parameters:
    ///   - batch: The examples, preprocessed.
    ///   - samples: Draws of each latent for each example.
    ///   - rateEstimate: How the bound finds its rates.
    ///   - generator: Draws the latents.
    /// - Returns: What bounds, weights and gradients are made of.
    public func trace(
        of batch: Batch, samples: Int = 1, rateEstimate: RateEstimate = .analytic, using generator: Generator
    ) -> Trace {
        trace(
            .inference(
                of: Observation(batch), samples: samples, rateEstimate: rateEstimate, using: generator))
    }
}

/// Names that parts of models have in the keys of the weights.
package enum ModelPart {
    /// φ: what makes q(z | x).
    package static let encoder = "encoder"
}
