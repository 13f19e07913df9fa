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

    /// What the model says of a batch: encode it, draw z, decode.
    ///
    /// - Parameters:
    ///   - x: `[batch, ...]`, preprocessed.
    ///   - samples: How many draws of z each example gets.
    ///   - generator: Draws them.
    /// - Returns: The terms of which bounds, weights and gradients are made.
    func terms(for x: Tensor, samples: Int, using generator: inout Generator) -> Terms

    /// The z that stands for each example of a batch, `[batch, ...]`, in reports and reconstructions.
    func code(of x: Tensor) -> Code

    /// The model of examples whose classes are known; a model that knows no classes stays as it is.
    ///
    /// - Parameter classes: One for each example of the batches that follow, or for each draw from the prior.
    /// - Returns: A model with the same weights.
    func given(_ classes: [Int]?) -> any LatentVariableModel

    /// Draws z from the prior: one `[count, ...]` for each group.
    func sampleLatents(_ count: Int, using generator: inout Generator) -> [Tensor]

    /// p(x | z) for given latents, one `[..., size]` for each group.
    func likelihood(of latents: [Tensor]) -> any Likelihood

    /// What a step of learning changes beside the parameters: running statistics, without a gradient.
    ///
    /// It is asked for while the terms of a step are at hand, and carried out once the step has been taken, so that a
    /// step that is left out changes nothing.
    ///
    /// - Parameter terms: What the model, in training, says of the batch.
    /// - Returns: The change; `nil` where there is nothing to change.
    func deferredUpdate(from terms: Terms) -> (() -> Void)?
}

extension LatentVariableModel {
    /// Nothing: most models have no such state.
    public func deferredUpdate(from terms: Terms) -> (() -> Void)? { nil }

    /// The model itself.
    public func given(_ classes: [Int]?) -> any LatentVariableModel { self }

    /// What the model says of a batch with one draw of z for each example.
    public func terms(for x: Tensor, using generator: inout Generator) -> Terms {
        terms(for: x, samples: 1, using: &generator)
    }

    /// The terms of a model whose likelihood is of the examples as they are.
    public func terms(for x: Tensor, samples: Int, using generator: inout Generator) -> Terms {
        terms(of: latentGroups(for: x, samples: samples, using: &generator), x)
    }

    /// The terms of draws, with p(x | z) of the examples as they are.
    func terms(of groups: [LatentGroup], _ x: Tensor, _ resampling: Resampling? = nil) -> Terms {
        Terms(
            groups: groups, likelihood: likelihood(of: groups.map(\.draw.value)), examples: x,
            resampling: resampling)
    }

    /// Centre and, where known, variances of the first group's posterior.
    public func code(of x: Tensor) -> Code {
        var noise = Generator(seed: 0)
        let group = latentGroups(for: x, samples: 1, using: &noise)[0]
        guard let posterior = group.posterior as? any HasCentre else {
            preconditionFailure("the posterior has no centre to report")
        }
        return Code(centre: posterior.centre, variance: (posterior as? any HasVariance)?.variance)
    }
}

/// The z that stands for an example.
public struct Code: Sendable {
    /// The mean of q(z | x), what is close to it where that has no closed form, or z itself where there is no noise,
    /// `[batch, latents]`.
    public var centre: Tensor
    /// The variances of q(z | x), `[batch, latents]`; absent without noise or closed form.
    public var variance: Tensor?

    /// A code.
    public init(centre: Tensor, variance: Tensor? = nil) {
        self.centre = centre
        self.variance = variance
    }
}

/// Names that parts of models have in the keys of the weights.
package enum ModelPart {
    /// φ: what makes q(z | x).
    package static let encoder = "encoder"
}
