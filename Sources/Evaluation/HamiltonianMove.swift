import Probability
import Tensors

/// A move of Hamiltonian Monte Carlo, which leaves p(z) p(x | z)^β as it is.
///
/// z gets a random momentum and runs along the density's slope for some steps of the leapfrog integrator; where it comes
/// to is accepted with probability min(1, exp −ΔH), and a place that is not finite never.
///
/// Source: Neal 2011, "MCMC using Hamiltonian dynamics", figure 2, arXiv:1206.1901.
package struct HamiltonianMove {
    private let length: Tensor
    private let steps: Int
    private let temperature: Double

    /// A move.
    ///
    /// - Parameters:
    ///   - length: ε, how long a step is, `[batch]`.
    ///   - steps: How many steps of the integrator.
    ///   - temperature: β.
    package init(length: Tensor, steps: Int, temperature: Double) {
        self.length = length
        self.steps = steps
        self.temperature = temperature
    }

    /// Moves chains once.
    package func applied(
        to start: AnnealedDensity.Place, of target: AnnealedDensity, using noise: Generator
    ) -> AnnealedMove {
        let eventRank = start.z.rank - 2
        let stride = length.reshaped([length.count] + Array(repeating: 1, count: eventRank))
        func kinetic(_ momentum: Tensor) -> Tensor { (momentum.squared() * 0.5).summed(overLast: eventRank) }
        var momenta = target.rows(noise, named: "momentum", like: start)
        let initial = momenta.normal(start.z.shape, dtype: start.z.dtype)
        var slope = target.placeWithGradient(at: start.z, temperature).gradient
        var momentum = initial
        var end = start
        for _ in 0..<steps {
            momentum = momentum + slope * stride * 0.5
            (end, slope) = target.placeWithGradient(at: end.z + momentum * stride, temperature)
            momentum = momentum + slope * stride * 0.5
        }
        let loss =
            start.logDensity(temperature) - kinetic(initial) - end.logDensity(temperature) + kinetic(momentum)
        return target.move(from: start, to: end, logAcceptance: -loss, using: noise)
    }
}
