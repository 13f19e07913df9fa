import Bounds
import Models
import Probability
import Tensors

/// log p(x, z) of some examples as a function of their z, in a model with one latent group.
///
/// It is what is left of a model when the encoder's posterior is replaced: refinement and annealing see a model through
/// this alone.
package struct LatentJoint {
    /// The encoder's q(z | x), `[batch, ...]`.
    package let posterior: any Reparameterized
    /// p(z).
    package let prior: any Distribution
    private let model: any LatentVariableModel
    private let x: Tensor
    private let hasNoise: Bool
    private let hasCommonPrior: Bool

    /// What is observed of the examples: themselves, or places with noise of their own in each draw.
    package struct Observation {
        /// `[batch, ...]` or `[samples, batch, ...]`.
        let examples: Tensor
        /// The groups of noise.
        let noise: [LatentGroup]
    }

    /// The joint density of examples.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - x: `[batch, ...]`, preprocessed.
    ///   - classes: Of the examples, where they have some.
    ///   - generator: Draws what the model draws when it is asked for its terms.
    /// - Throws: `EvaluationError` when the model has not one latent group.
    package init(
        _ model: any LatentVariableModel, _ x: Tensor, classes: [Int]?, using generator: inout Generator
    ) throws(EvaluationError) {
        self.model = model.given(classes)
        self.x = x
        let terms = withoutGradients { [model = self.model] in
            model.terms(for: x, samples: 1, using: &generator)
        }
        let group = try terms.groups.single()
        posterior = group.posterior
        prior = group.prior
        hasCommonPrior = group.hasCommonPrior
        hasNoise = terms.groups.contains(where: \.isNoise)
    }

    /// The encoder's posterior, if its parameters can be moved for each example.
    ///
    /// - Returns: The posterior.
    /// - Throws: `EvaluationError.posteriorNotRefinable`.
    package func refinablePosterior() throws(EvaluationError) -> any Refinable {
        guard let refinable = posterior as? any Refinable else { throw .posteriorNotRefinable }
        return refinable
    }

    /// The examples for so many draws of z, with noise drawn anew where the model adds some.
    package func observation(samples: Int, using generator: inout Generator) -> Observation {
        guard hasNoise else { return Observation(examples: x, noise: []) }
        let terms = withoutGradients { model.terms(for: x, samples: samples, using: &generator) }
        return Observation(examples: terms.examples, noise: terms.groups.filter(\.isNoise))
    }

    /// log p(x | z) for z `[samples, batch, ...]`, in nats, `[samples, batch]`.
    func logLikelihood(of observation: Observation, at z: Tensor) -> Tensor {
        model.likelihood(of: [z]).logProbability(of: observation.examples)
    }

    /// z ~ p(z), `[samples, batch, ...]`.
    package func sampleLatents(_ samples: Int, using generator: inout Generator) -> Tensor {
        prior.sample(hasCommonPrior ? [samples, x.size(along: 0)] : [samples], using: &generator)
    }

    /// What the model says of the examples with another posterior in place of the encoder's.
    func terms(_ posterior: any Reparameterized, samples: Int, using generator: inout Generator) -> Terms {
        let draw = posterior.draw([samples], using: &generator)
        let observation = observation(samples: samples, using: &generator)
        let group = LatentGroup(name: "z", posterior: posterior, prior: prior, draw: draw)
        return Terms(
            groups: [group] + observation.noise, likelihood: model.likelihood(of: [draw.value]),
            examples: observation.examples)
    }

    /// The importance weights of draws of a posterior, a few at a time.
    func weights(of posterior: any Reparameterized, samples: Int, using generator: inout Generator)
        -> WeightSums
    {
        var sums = WeightSums(notingAt: [samples])
        sums.addAll(atOnce: max(1, outputLimit / max(1, x.count))) {
            terms(posterior, samples: $0, using: &generator).logWeights()
        }
        return sums
    }
}
