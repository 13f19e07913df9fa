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

    /// Whether the density changes along z, as gradients see it; that of discrete z does not.
    func hasSlope(at z: Tensor) -> Bool {
        var hasSlope = false
        _ = gradient(at: z) { z in
            let density = place(at: z).logDensity(1)
            hasSlope = density.requiresGradient
            return density.sum()
        }
        return hasSlope
    }

    /// As many draws of p(z) as there are chains.
    func sampleLatents(like place: Place, using generator: inout Generator) -> Tensor {
        joint.sampleLatents(place.z.size(along: 0), using: &generator)
    }

    /// What noise of dequantization adds to log w, zeros without it: `[chains, batch]` in float64.
    func noiseWeight(like logLikelihood: Tensor) -> Tensor {
        observation.noise.reduce(Tensor(zerosLike: logLikelihood).converted(to: .float64)) {
            $0 + ($1.logPrior - $1.logPosterior).converted(to: .float64)
        }
    }
}

/// Where chains are after a move, and the probability with which each was accepted, `[chains, batch]`.
package struct AnnealedMove {
    package let place: AnnealedDensity.Place
    package let acceptance: Tensor

    /// Takes each chain to its new place or leaves it where it was.
    ///
    /// - Parameters:
    ///   - start: Where chains were.
    ///   - end: Where they may go.
    ///   - logAcceptance: The log of the probability, 0 at most in effect, `[chains, batch]`; what is not finite is refused.
    ///   - generator: Decides.
    init(
        from start: AnnealedDensity.Place, to end: AnnealedDensity.Place, logAcceptance: Tensor,
        using generator: inout Generator
    ) {
        let isLost = .!logAcceptance.isFinite()
        acceptance = logAcceptance.clamped(to: 0).exp().replacing(
            with: Tensor(zerosLike: logAcceptance), where: isLost)
        let isAccepted =
            generator.uniform(logAcceptance.shape, dtype: logAcceptance.dtype) .< acceptance
        let mask = isAccepted.reshaped(
            logAcceptance.shape + Array(repeating: 1, count: start.z.rank - logAcceptance.rank))
        place = AnnealedDensity.Place(
            z: start.z.replacing(with: end.z, where: mask),
            logPrior: start.logPrior.replacing(with: end.logPrior, where: isAccepted),
            logLikelihood: start.logLikelihood.replacing(with: end.logLikelihood, where: isAccepted))
    }
}
