import Tensors

/// Σ max(λ, mean rate) over units or groups: below λ nats a unit costs nothing more, and so is not pressed out.
///
/// The mean is over the batch, as in the paper.
/// Source: Kingma et al. 2016, "Improving variational inference with inverse autoregressive flow", appendix C.8,
/// arXiv:1606.04934.
public struct FreeBits: Regularizer, Codable, Equatable {
    /// What has its own λ.
    public enum Scope: String, Codable, Sendable, CaseIterable {
        /// Each latent unit; for posteriors and priors with a rate of each in closed form.
        case unit
        /// Each latent group.
        case group
    }

    /// λ, nats.
    public var nats: Double
    /// What has its own λ.
    public var scope: Scope

    /// Free nats for each unit or group.
    public init(nats: Double, scope: Scope) {
        self.nats = nats
        self.scope = scope
    }

    /// Σ max(λ, mean rate).
    public func cost(of terms: Terms, bound: Bound, at moment: Moment, using noise: inout Generator) -> Tensor
    {
        let costs = zip(terms.latents, bound.rates).map { group, rate in
            guard scope == .unit else { return rate.mean().clamped(from: nats) }
            guard let unitRates = group.unitRates else {
                preconditionFailure("the units of \(group.name) have no rate in closed form")
            }
            return unitRates.mean(along: 0).clamped(from: nats).sum()
        }
        return costs.dropFirst().reduce(costs.first ?? bound.rate.mean(), +)
    }
}
