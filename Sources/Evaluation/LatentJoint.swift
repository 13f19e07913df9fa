import Bounds
import Datasets
import Probability
import Tensors

/// log p(x, z) of some examples as a function of their z, in a model with one latent.
///
/// It is what is left of a model when the encoder's posterior is replaced: refinement and annealing see a model through
/// this alone. The examples are encoded once.
package struct LatentJoint {
    /// The encoder's q(z | x), `[batch, ...]`.
    package let posterior: any Distribution
    private let model: any LatentVariableModel
    private let observation: Observation
    private let latent: String

    /// The joint density of examples.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - batch: The examples, preprocessed.
    /// - Throws: `EvaluationError` when the model has not one latent.
    package init(_ model: any LatentVariableModel, _ batch: Batch) throws(EvaluationError) {
        let observation = Observation(batch)
        let trace = withoutGradients {
            model.trace(.inference(of: observation, using: Generator(seed: 0)))
        }
        let site = try trace.single()
        guard let posterior = site.posterior else { throw .noLatent }
        self.model = model
        self.observation = observation
        self.posterior = posterior
        latent = site.name
    }

    /// How many examples there are.
    var count: Int { observation.batch.count }

    /// The encoder's posterior, if its parameters can be moved for each example.
    ///
    /// - Returns: The posterior.
    /// - Throws: `EvaluationError.posteriorNotRefinable`.
    package func refinablePosterior() throws(EvaluationError) -> any Refinable {
        guard let refinable = posterior as? any Refinable else { throw .posteriorNotRefinable }
        return refinable
    }

    /// The trace with another posterior in place of the encoder's.
    ///
    /// - Parameters:
    ///   - posterior: q(z), `[batch, ...]`.
    ///   - samples: Draws for each example.
    ///   - first: The number of the first of them.
    ///   - noise: Draws them, and noise of dequantization.
    /// - Returns: The trace.
    package func trace(
        _ posterior: any Distribution, samples: Int, startingAt first: Int = 0, using noise: Generator
    ) -> Trace {
        model.trace(
            .replay(
                of: observation, samples: samples, startingAt: first, posteriors: [latent: posterior],
                using: noise))
    }

    /// The trace at z `[samples, batch, ...]`; noise of dequantization is a function of `noise` alone.
    func trace(at z: Tensor, using noise: Generator) -> Trace {
        model.trace(
            .replay(of: observation, samples: z.size(along: 0), given: [latent: z], using: noise))
    }

    /// z ~ p(z), `[samples, batch, ...]`.
    package func sampleLatents(_ samples: Int, using noise: Generator) -> Tensor {
        withoutGradients {
            model.trace(.replay(of: observation, samples: samples, given: [:], using: noise))
                .latents[0].value
        }
    }

    /// Noise with a row for each of so many draws of each example.
    func rows(_ noise: Generator, samples: Int) -> Generator {
        noise.byRows(RowKeys(indices: observation.batch.indices, draws: 0..<samples))
    }

    /// The importance weights of draws of a posterior, a few at a time.
    func weights(of posterior: any Distribution, samples: Int, using noise: Generator) -> WeightSums {
        var sums = WeightSums(notingAt: [samples])
        sums.addAll(atOnce: max(1, outputLimit / max(1, observation.batch.examples.count))) {
            trace(posterior, samples: $0.count, startingAt: $0.lowerBound, using: noise).logWeights()
        }
        return sums
    }
}
