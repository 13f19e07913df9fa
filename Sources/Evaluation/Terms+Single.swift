import Bounds
import Probability
import Tensors

extension [LatentGroup] {
    /// The only latent group that the decoder reads; noise of dequantization does not count.
    ///
    /// - Returns: The group.
    /// - Throws: `EvaluationError` when there is none, or more than one.
    func single() throws(EvaluationError) -> LatentGroup {
        let latents = latents
        guard let group = latents.first else { throw .noLatent }
        guard latents.count == 1 else { throw .severalGroups }
        return group
    }
}

extension Terms {
    /// log p(x | z), with what noise of dequantization adds to it: log p(x, u | z) − log q(u | x), `[samples, batch]`.
    var logLikelihoodWithNoise: Tensor {
        groups.filter(\.isNoise).reduce(logLikelihood) { $0 + $1.logPrior - $1.logPosterior }
    }
}

extension LatentGroup {
    /// Whether p(z) is the same for all examples, rather than a batch of its own.
    var hasCommonPrior: Bool {
        var noise = Generator(seed: 0)
        // The posterior's draws have axes for samples and examples.
        return prior.sample([1], using: &noise).rank == draw.value.rank - 1
    }
}
