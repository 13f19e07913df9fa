import Tensors

/// Σ max(λ, mean rate) over units or groups: below λ nats a unit costs nothing extra, so it need not
/// collapse.
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

    /// It is a function of the sums of the rates.
    public var coupling: Coupling { .sums }

    /// Σ rate of each unit, or of each group.
    public func sums(of trace: Trace, at moment: Moment) -> [String: Tensor] {
        let rates: [Tensor] =
            switch scope {
            case .group: trace.bound.rates.map { $0.rate.sum() }
            case .unit:
                trace.latents.map { site in
                    guard let rates = site.unitRates else {
                        preconditionFailure("the units of \(site.name) have no rate in closed form")
                    }
                    return rates.flattened(from: 1).sum(along: 0)
                }
            }
        return ["rates": .concatenated(rates.map { $0.reshaped([-1]) }, along: 0)]
    }

    /// Σ max(λ, mean rate).
    public func cost(of sums: Sums, at moment: Moment) -> Tensor {
        sums.mean("rates").clamped(from: nats).sum()
    }
}
