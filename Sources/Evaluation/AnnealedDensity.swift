import Bounds
import Probability
import Tensors

/// p(z) p(x | z)^β of some examples, for each of their chains.
package struct AnnealedDensity {
    private let joint: LatentJoint
    private let noise: Generator

    /// The density of the examples of a joint density.
    ///
    /// - Parameters:
    ///   - joint: The joint density.
    ///   - noise: Draws noise of dequantization, which stays the same for each chain.
    package init(_ joint: LatentJoint, noise: Generator) {
        self.joint = joint
        self.noise = noise
    }

    /// Where chains are, with the densities there.
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
    package func place(at z: Tensor) -> Place { Self.place(of: joint.trace(at: z, using: noise)) }

    private static func place(of trace: Trace) -> Place {
        let site = trace.latents[0]
        return Place(z: site.value, logPrior: site.logPrior, logLikelihood: trace.logLikelihood)
    }

    /// Places drawn from p(z), and log w of chains that start there.
    ///
    /// - Parameters:
    ///   - chains: How many for each example.
    ///   - noise: Draws them.
    /// - Returns: The places, and what noise of dequantization adds to log w, zeros without it: `[chains, batch]` in
    ///   float64.
    func start(chains: Int, using noise: Generator) -> (place: Place, logWeights: Tensor) {
        let trace = joint.trace(at: joint.sampleLatents(chains, using: noise), using: self.noise)
        let weights = trace.noiseLogRatio ?? Tensor(zerosLike: trace.logLikelihood)
        return (Self.place(of: trace), weights.converted(to: .float64))
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
        guard z.dtype.isFloatingPoint else { return false }
        var hasSlope = false
        _ = gradient(at: z) { z in
            let density = place(at: z).logDensity(1)
            hasSlope = density.requiresGradient
            return density.sum()
        }
        return hasSlope
    }

    /// As many draws of p(z) as there are chains.
    func sampleLatents(like place: Place, using noise: Generator) -> Tensor {
        joint.sampleLatents(place.z.size(along: 0), using: noise)
    }

    /// Noise for a purpose of a move, with a row for each chain.
    func rows(_ noise: Generator, named name: String, like place: Place) -> Generator {
        joint.rows(noise.child(named: name), samples: place.z.size(along: 0))
    }

    /// Takes each chain to its new place or leaves it where it was.
    ///
    /// - Parameters:
    ///   - start: Where chains were.
    ///   - end: Where they may go.
    ///   - logAcceptance: The log of the probability, 0 at most in effect, `[chains, batch]`; what is not finite is
    ///     refused.
    ///   - noise: Decides.
    /// - Returns: Where chains are, and the probabilities.
    func move(
        from start: Place, to end: Place, logAcceptance: Tensor, using noise: Generator
    ) -> AnnealedMove {
        let isLost = .!logAcceptance.isFinite()
        let acceptance = logAcceptance.clamped(to: 0).exp().replacing(
            with: Tensor(zerosLike: logAcceptance), where: isLost)
        var uniform = rows(noise, named: "acceptance", like: start)
        let isAccepted =
            uniform.uniform(logAcceptance.shape, dtype: logAcceptance.dtype) .< acceptance
        let mask = isAccepted.reshaped(
            logAcceptance.shape + Array(repeating: 1, count: start.z.rank - logAcceptance.rank))
        return AnnealedMove(
            place: Place(
                z: start.z.replacing(with: end.z, where: mask),
                logPrior: start.logPrior.replacing(with: end.logPrior, where: isAccepted),
                logLikelihood: start.logLikelihood.replacing(with: end.logLikelihood, where: isAccepted)),
            acceptance: acceptance)
    }
}

/// Where chains are after a move, and the probability with which each was accepted, `[chains, batch]`.
package struct AnnealedMove {
    package let place: AnnealedDensity.Place
    package let acceptance: Tensor
}
