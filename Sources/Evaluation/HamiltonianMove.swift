import Bounds
import Probability
import Tensors

/// p(z) p(x | z)^β of some examples, for each of their chains.
package struct AnnealedDensity {
    private let joint: LatentJoint
    private let observation: LatentJoint.Observation

    /// The density of what is observed of the examples of a joint density.
    package init(_ joint: LatentJoint, _ observation: LatentJoint.Observation) {
        self.joint = joint
        self.observation = observation
    }

    /// Where chains are, and what is known there.
    package struct Place {
        /// `[chains, batch, ...]`.
        package let z: Tensor
        /// log p(z), `[chains, batch]`.
        let logPrior: Tensor
        /// log p(x | z), `[chains, batch]`.
        let logLikelihood: Tensor

        /// log p(z) + β log p(x | z), `[chains, batch]`.
        func logDensity(_ temperature: Double) -> Tensor { logPrior + logLikelihood * temperature }
    }

    /// A place by its z.
    package func place(at z: Tensor) -> Place {
        Place(
            z: z, logPrior: joint.prior.logProbability(of: z),
            logLikelihood: joint.logLikelihood(of: observation, at: z))
    }

    /// A place by its z, and the gradient of log p(z) + β log p(x | z) there.
    func placeWithGradient(at z: Tensor, _ temperature: Double) -> (place: Place, gradient: Tensor) {
        var found: Place?
        let slope = gradient(at: z) { z in
            let place = place(at: z)
            found = Place(
                z: z.withoutGradient(), logPrior: place.logPrior.withoutGradient(),
                logLikelihood: place.logLikelihood.withoutGradient())
            return place.logDensity(temperature).sum()
        }
        return (found!, slope)
    }

    /// What noise of dequantization adds to log w, zeros without it: `[chains, batch]` in float64.
    func noiseWeight(like logLikelihood: Tensor) -> Tensor {
        observation.noise.reduce(Tensor(zerosLike: logLikelihood).converted(to: .float64)) {
            $0 + ($1.logPrior - $1.logPosterior).converted(to: .float64)
        }
    }
}

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

    /// Where chains are after a move, and the probability with which each was accepted, `[chains, batch]`.
    package struct Outcome {
        package let place: AnnealedDensity.Place
        package let acceptance: Tensor
    }

    /// Moves chains once.
    package func applied(
        to start: AnnealedDensity.Place, of target: AnnealedDensity, using generator: inout Generator
    ) -> Outcome {
        let eventRank = start.z.rank - 2
        let stride = length.reshaped([length.count] + Array(repeating: 1, count: eventRank))
        func kinetic(_ momentum: Tensor) -> Tensor { (momentum.squared() * 0.5).summed(overLast: eventRank) }
        let initial = generator.normal(start.z.shape, dtype: start.z.dtype)
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
        let isLost = .!loss.isFinite()
        let probability = (-loss).clamped(to: 0).exp().replacing(with: Tensor(zerosLike: loss), where: isLost)
        let isAccepted = generator.uniform(loss.shape, dtype: loss.dtype) .< probability
        func chosen(_ new: Tensor, _ old: Tensor, _ mask: Tensor) -> Tensor {
            old.replacing(with: new, where: mask)
        }
        let mask = isAccepted.reshaped(loss.shape + Array(repeating: 1, count: eventRank))
        return Outcome(
            place: AnnealedDensity.Place(
                z: chosen(end.z, start.z, mask), logPrior: chosen(end.logPrior, start.logPrior, isAccepted),
                logLikelihood: chosen(end.logLikelihood, start.logLikelihood, isAccepted)),
            acceptance: probability)
    }
}
