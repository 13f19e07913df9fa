import Probability
import Tensors

/// What a walk leaves: the latents in ancestral order, p(x | z), and what that was asked about.
///
/// Rates, log weights, gradients and aggregated posteriors are derived from a trace, each in one place.
public final class Trace {
    /// The latents in the order in which the model asked for them, noise of dequantization included.
    public let sites: [Site]
    /// p(x | z), with the batch axes `[samples, batch]`.
    public let likelihood: any Distribution
    /// Changes of the model's own state that follow the step.
    public let updates: [StepUpdate]
    /// Draws of each latent for each example.
    public let samples: Int
    /// How many examples the batch has.
    public let count: Int
    /// What p(x | z) was asked about, `[batch, ...]` or, with noise of its own in each draw, `[samples, batch, ...]`.
    public let asked: Tensor?
    private let walk: Walk
    private let walkAgain: (Walk) -> Trace

    init(_ walk: Walk, _ likelihood: any Distribution, again: @escaping (Walk) -> Trace) {
        self.walk = walk
        self.likelihood = likelihood
        sites = walk.sites
        updates = walk.updates
        samples = walk.samples
        count = walk.count
        asked = walk.asked
        walkAgain = again
    }

    /// The latents that the decoder reads and that are priced: all but noise, what a flow fixes, and codes without prior.
    public private(set) lazy var latents: [Site] = sites.filter { $0.role == .latent && $0.prior != nil }

    /// log p(x | z) at each draw, `[samples, batch]`, in nats.
    ///
    /// - Precondition: Something was observed.
    public private(set) lazy var logLikelihood: Tensor = {
        guard let asked else { fatalError("a walk without observation has no log p(x | z)") }
        let found = likelihood.logProbability(of: asked)
        return found.rank == 2 ? found : found.expanded(at: 0).broadcast(to: [samples, count])
    }()

    /// The bound, averaged over the draws of each example, with rates as the walk was told to find them.
    public private(set) lazy var bound: Bound = bound(rateEstimate: walk.rateEstimate)

    /// log w = log p(x | z) + Σ_i log p(z_i | z_<i) − log q(z_i | z_<i, x), `[samples, batch]`.
    ///
    /// E_q[w] = p(x), so the mean of log w over draws bounds log p(x) from below.
    ///
    /// - Parameter rateWeight: The weight of log p(z) − log q(z | x), but for noise; 1 outside a warm-up.
    /// - Returns: Nats, without the 1/K.
    public func logWeights(rateWeight: Double = 1) -> Tensor {
        logWeights(rateWeight: rateWeight) { $0.logPosterior }
    }

    /// The same with log q(z_i | z_<i, x) as `logPosterior` computes it.
    func logWeights(rateWeight: Double, logPosterior: (Site) -> Tensor) -> Tensor {
        sites.reduce(logLikelihood) { sum, site in
            guard let ratio = site.logRatio(logPosterior) else { return sum }
            return sum + (rateWeight == 1 || site.role != .latent ? ratio : ratio * rateWeight)
        }
    }

    /// The trace of the same walk with draws of other numbers, over the same evidence.
    ///
    /// Noise is a function of the number of a draw, so that draws made before are made again, with a history where
    /// gradients are recorded now.
    ///
    /// - Parameter draws: The numbers, int64 `[samples, batch]`.
    /// - Returns: The trace of these draws.
    public func replayed(draws: Tensor) -> Trace { walkAgain(walk.again(draws: draws)) }

    /// Noise for a purpose of the caller's, a row for each draw of each example: `[samples, batch, ...]`.
    public func noise(named name: String) -> Generator { walk.noise(named: "caller/" + name) }

    /// Noise for a purpose of the caller's, a row for each example: `[batch, ...]`.
    public func noisePerExample(named name: String) -> Generator {
        walk.noisePerExample(named: "caller/" + name)
    }
}

/// A change of a model's own state after a step, as a function of sums over the batch.
///
/// The sums are taken while the trace of a step is at hand, and the change is made once the step has been taken: a step
/// that is skipped changes nothing, and parts of a batch add up their sums.
public struct StepUpdate {
    /// The sums, of a trace.
    public let sums: (Trace) -> [Tensor]
    /// Makes the change.
    public let apply: ([Tensor]) -> Void

    /// An update.
    public init(sums: @escaping (Trace) -> [Tensor], apply: @escaping ([Tensor]) -> Void) {
        self.sums = sums
        self.apply = apply
    }
}
