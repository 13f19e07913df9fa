import Tensors

/// A move of the independence sampler, which leaves p(z) p(x | z)^β as it is: the way of discrete z, which has no slope to
/// follow.
///
/// A draw of p(z) takes the place of z with probability min(1, (p(x | z') / p(x | z))^β), in which p(z) cancels.
///
/// Source: Hastings 1970, "Monte Carlo sampling methods using Markov chains and their applications", section 2.3.3.
package struct IndependentMove {
    private let temperature: Double

    /// A move at β.
    package init(temperature: Double) { self.temperature = temperature }

    /// Moves chains once.
    package func applied(
        to start: AnnealedDensity.Place, of target: AnnealedDensity, using noise: Generator
    ) -> AnnealedMove {
        let end = target.place(at: target.sampleLatents(like: start, using: noise.child(named: "proposal")))
        let rise = (end.logLikelihood - start.logLikelihood) * temperature
        return target.move(from: start, to: end, logAcceptance: rise, using: noise)
    }
}
