import Layers
import Probability
import Tensors

/// distortion + β (rate + γ TC), where TC = KL(q(z) ‖ Π_j q(z_j)) is estimated by a discriminator that is
/// trained alongside.
///
///     TC ≈ E_q[log D(z) / (1 − D(z))]
///
/// D learns to tell z of a batch from the same z with every unit permuted over the batch by itself, which are draws of
/// Π_j q(z_j). Unlike `TotalCorrelation` it asks of the posterior nothing but draws. After each step of the model, in
/// which D stays as it is, D takes one of its own.
///
/// As in disentanglement_lib z is permuted within the batch; the paper takes another batch for it. D has one output
/// where the paper's has two, of which the difference counts. β grows to 1 in a warm-up.
///
/// Source: Kim, Mnih 2018, "Disentangling by factorising", eq. 2 and 3 and algorithm 2, arXiv:1802.05983.
public final class FactorLoss: LearningObjective {
    /// The choices.
    public struct Settings: Codable, Equatable, Sendable {
        /// γ.
        public var weight: Double
        /// Widths of D's layers; the paper has 1000 six times.
        public var hidden: [Int]
        /// D's step length.
        public var learningRate: Double

        /// The choices, with the paper's step length and a network that is quick.
        public init(weight: Double, hidden: [Int] = [256, 256, 256], learningRate: Double = 1e-4) {
            self.weight = weight
            self.hidden = hidden
            self.learningRate = learningRate
        }
    }

    /// The choices in use.
    public let settings: Settings
    /// How β grows.
    public let warmUp: WarmUp
    private let ratio: DensityRatio
    private let state: ModuleState
    private let optimizer: Adam

    /// A loss whose network knows nothing yet.
    ///
    /// - Parameters:
    ///   - settings: The choices.
    ///   - warmUp: How β grows.
    ///   - units: How many numbers z has, of all groups together.
    ///   - generator: Draws the weights of D.
    public init(
        _ settings: Settings, warmUp: WarmUp = WarmUp(), units: Int, using generator: inout Generator
    ) {
        self.settings = settings
        self.warmUp = warmUp
        ratio = DensityRatio(inputs: units, hidden: settings.hidden, using: &generator)
        state = ModuleState(ratio)
        optimizer = Adam(state, settings: Adam.Settings(beta1: 0.5, beta2: 0.9))
    }

    /// −ELBO: the discriminator changes along, so that losses of different epochs are not those of one function.
    public var ranking: Ranking { .negativeELBO }

    /// β.
    public func rateWeight(at moment: Moment) -> Double { warmUp.weight(at: moment) }

    /// Σ distortion, Σ rate, and TC once for each example.
    public func sums(of trace: Trace, at moment: Moment) -> Sums {
        let bound = trace.bound
        let correlation = totalCorrelation(of: Self.codes(of: trace))
        return Sums(
            examples: trace.count,
            [
                "distortion": bound.distortion.sum(), "rate": bound.rate.sum(),
                "correlation": correlation * Double(trace.count),
            ])
    }

    /// distortion + β (rate + γ TC).
    public func loss(of sums: Sums, at moment: Moment) -> Tensor {
        let cost = sums.mean("rate") + sums.mean("correlation") * settings.weight
        return sums.mean("distortion") + cost * rateWeight(at: moment)
    }

    /// The total correlation of units as the network knows it, nats, with gradients to the codes `[n, units]`.
    public func totalCorrelation(of codes: Tensor) -> Tensor { ratio(codes).mean() }

    /// One step of the network, on the draws of a batch.
    ///
    /// - Parameter trace: Of the batch.
    /// - Returns: The step; `nil` where draws are not numbers, which is the model's fault.
    /// - Throws: `BoundsError.discriminatorDiverged` where the draws are numbers, and the loss of the network or its
    ///   gradient is not finite.
    public func learn(from trace: Trace) throws(BoundsError) -> (() -> Void)? {
        let codes = Self.codes(of: trace).withoutGradient()
        var noise = trace.noise(named: "permutation")
        let permuted = Self.permuted(codes, using: &noise)
        return try step(telling: codes, from: permuted, learningRate: settings.learningRate)
    }

    /// One step in telling codes from permuted ones.
    ///
    /// - Parameters:
    ///   - codes: z, `[n, units]`.
    ///   - permuted: The same, with every unit permuted over the rows.
    ///   - learningRate: How far to go.
    /// - Returns: The step, not yet taken; `nil` where codes are no numbers.
    /// - Throws: As `learn(from:)`.
    package func step(
        telling codes: Tensor, from permuted: Tensor, learningRate: Double
    ) throws(BoundsError) -> (() -> Void)? {
        let (loss, gradients) = state.valueWithGradients { ratio.loss(of: codes, from: permuted) }
        guard (loss.scalar() + gradients.globalNorm().scalar()).isFinite else {
            guard codes.isFinite().allTrue() else { return nil }
            throw .discriminatorDiverged
        }
        return { self.optimizer.step(gradients: gradients, learningRate: learningRate) }
    }

    /// The draws of all groups side by side, those of an example one below the other, `[samples · batch, units]`.
    private static func codes(of trace: Trace) -> Tensor {
        let parts = trace.latents.map { $0.draw.value.flattened(from: 2) }
        let joined = Tensor.concatenated(parts, along: -1)
        return joined.reshaped([-1, joined.size(along: -1)])
    }

    /// Codes with every unit permuted over the rows by itself.
    package static func permuted(_ codes: Tensor, using noise: inout Generator) -> Tensor {
        let places = noise.uniform(codes.shape).sortedIndices(along: 0)
        return codes.gatheringElements(at: places, along: 0)
    }

    /// The network and what its optimiser remembers.
    public var tensors: [(key: String, tensor: Tensor)] {
        state.tensors.map { ("discriminator/\($0.key)", $0.tensor) }
            + optimizer.tensors.map { ("optimizer/\($0.key)", $0.tensor) }
    }

    /// Puts back what `tensors` held.
    ///
    /// - Throws: `LayersError.mismatch` when they belong to another network.
    public func load(_ tensors: [String: Tensor]) throws(LayersError) {
        func part(_ name: String) -> [String: Tensor] {
            var part: [String: Tensor] = [:]
            for (key, tensor) in tensors where key.hasPrefix(name + "/") {
                part[String(key.dropFirst(name.count + 1))] = tensor
            }
            return part
        }
        try state.load(part("discriminator"))
        try optimizer.load(part("optimizer"))
    }
}
