import Probability
import Tensors

/// A latent as a walk has left it: what was drawn, from which posterior, and the prior given what came before.
public struct Site: Sendable {
    /// What a site is to the bound.
    public enum Role: Sendable, Equatable {
        /// A latent that the decoder reads.
        case latent
        /// Noise of dequantization, which no decoder reads: its rate counts as distortion.
        case noise
        /// z = f⁻¹(x) of a flow, with log |det ∂f⁻¹/∂x|, `[samples, batch]`: only the sum of distortion and rate is
        /// finite.
        case exact(logDeterminant: Tensor)

        /// Whether both are of one kind.
        public static func == (one: Role, other: Role) -> Bool {
            switch (one, other) {
            case (.latent, .latent), (.noise, .noise), (.exact, .exact): true
            default: false
            }
        }
    }

    /// What to call the latent in reports.
    public let name: String
    /// q(z_i | z_<i, x); `nil` where nothing was observed, and in a flow.
    public let posterior: (any Distribution)?
    /// p(z_i | z_<i); `nil` in an autoencoder.
    public let prior: (any Distribution)?
    /// z_i, `[samples, batch, ...]`.
    public let draw: Draw
    /// What it is to the bound.
    public let role: Role

    init(
        name: String, posterior: (any Distribution)?, prior: (any Distribution)?, draw: Draw,
        role: Role = .latent
    ) {
        self.name = name
        self.posterior = posterior
        self.prior = prior
        self.draw = draw
        self.role = role
    }

    /// z_i, `[samples, batch, ...]`.
    public var value: Tensor { draw.value }

    /// log q(z_i | z_<i, x) at the draw, `[samples, batch]`.
    ///
    /// - Precondition: The site has a posterior.
    public var logPosterior: Tensor {
        draw.logProbability ?? known(posterior, "posterior").logProbability(of: draw.value)
    }

    /// log p(z_i | z_<i) at the draw, `[samples, batch]`.
    ///
    /// - Precondition: The site has a prior.
    public var logPrior: Tensor { known(prior, "prior").logProbability(of: draw.value) }

    /// How many numbers z_i has.
    public var unitCount: Int { draw.value.shape.dropFirst(2).reduce(1, *) }

    /// KL(q ‖ p) of each unit, `[batch, units...]`, where it has a closed form; averaged over draws of other latents.
    public var unitRates: Tensor? {
        guard let prior, let posterior = posterior as? any HasElementwiseDivergence else { return nil }
        return posterior.elementwiseKLDivergence(to: prior).map { averaged($0, eventRank: prior.eventRank) }
    }

    /// KL(q ‖ p), `[batch]`, where it has a closed form; averaged over draws of other latents.
    var closedFormRate: Tensor? {
        guard let prior, let posterior = posterior as? any HasClosedFormDivergence else { return nil }
        return posterior.klDivergence(to: prior).map { averaged($0, eventRank: 0) }
    }

    /// Whether posterior and prior depend on the examples alone, and not on draws of other latents.
    public var dependsOnExamplesAlone: Bool {
        [posterior, prior].allSatisfy { ($0?.batchShape.count ?? 0) < 2 }
    }

    /// log p(z_i | z_<i) − log q(z_i | z_<i, x), `[samples, batch]`: the part of log w that is the site's; `nil` for a
    /// latent without a prior, which is not priced.
    func logRatio(_ logPosterior: (Site) -> Tensor) -> Tensor? {
        if case .exact(let logDeterminant) = role { return logPrior + logDeterminant }
        return prior == nil ? nil : logPrior - logPosterior(self)
    }

    private func averaged(_ rates: Tensor, eventRank: Int) -> Tensor {
        rates.rank - eventRank > 1 ? rates.mean(along: 0) : rates
    }

    private func known(_ part: (any Distribution)?, _ what: String) -> any Distribution {
        guard let part else { fatalError("the latent '\(name)' has no \(what)") }
        return part
    }
}
