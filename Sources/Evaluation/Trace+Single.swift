import Bounds
import Probability
import Tensors

extension Trace {
    /// The only latent that is priced and that the decoder reads; noise of dequantization does not count.
    ///
    /// - Returns: Its site.
    /// - Throws: `EvaluationError` when there is none, or more than one.
    func single() throws(EvaluationError) -> Site {
        guard let site = latents.first else { throw .noLatent }
        guard latents.count == 1 else { throw .severalGroups }
        return site
    }

    /// log p(u) − log q(u | x) of noise of dequantization, `[samples, batch]`; `nil` without noise.
    var noiseLogRatio: Tensor? {
        let ratios = sites.filter { $0.role == .noise }.map { $0.logPrior - $0.logPosterior }
        return ratios.first.map { ratios.dropFirst().reduce($0, +) }
    }

    /// log p(x | z), with what noise of dequantization adds to it: log p(x, u | z) − log q(u | x), `[samples, batch]`.
    var logLikelihoodWithNoise: Tensor { noiseLogRatio.map { logLikelihood + $0 } ?? logLikelihood }
}

extension Site {
    /// Whether p(z) is the same for all examples, rather than a batch of its own.
    var hasCommonPrior: Bool { prior?.batchShape.isEmpty ?? false }
}
