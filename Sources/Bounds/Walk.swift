import Datasets
import Probability
import Tensors

/// One way through a model, from its latents down to p(x | z).
///
/// A model is a function of a walk: it asks for each latent in ancestral order, and returns p(x | z). How a latent gets
/// its value is the walk's: from the posterior in inference, from the prior in generation, or as it was given. Values have
/// the leading axes `[samples, batch]`. A walk is used once.
public final class Walk {
    /// What is observed; `nil` where nothing is, as in generation.
    public let observation: Observation?
    /// How many draws each latent has for each example.
    public let samples: Int
    /// How many examples the batch has.
    public let count: Int
    /// The classes of the examples, where they have some.
    public let classes: [Int]?
    /// How the bound finds its rates.
    let rateEstimate: RateEstimate
    let filling: Filling
    private let keys: RowKeys
    private let indices: [Int]
    private let noise: Generator
    /// The latents in the order in which the model asked for them.
    private(set) var sites: [Site] = []
    /// What p(x | z) is asked about: the examples, or with noise of dequantization the values between levels.
    public private(set) var asked: Tensor?
    private(set) var updates: [StepUpdate] = []
    private var evidenceCount = 0

    /// How latents get their values.
    struct Filling {
        /// Where values come from that are not given.
        enum Source { case posterior, center, prior }

        var source = Source.posterior
        /// How many latents, the first in ancestral order, have that source; the others have the prior's.
        var depth = Int.max
        /// Values by the names of latents, `[samples, batch, ...]`.
        var given: [String: Tensor] = [:]
        /// Posteriors in place of the encoder's.
        var posteriors: [String: any Distribution] = [:]
        /// The spread of draws of the prior.
        var temperature = 1.0
    }

    init(
        observation: Observation?, indices: [Int], classes: [Int]?, keys: RowKeys, noise: Generator,
        filling: Filling, rateEstimate: RateEstimate = .analytic
    ) {
        self.observation = observation
        self.indices = indices
        self.classes = classes
        count = indices.count
        self.keys = keys
        self.noise = noise
        self.filling = filling
        self.rateEstimate = rateEstimate
        samples = keys.samples
        asked = observation?.batch.examples
    }

    // MARK: For models

    /// What a network computes of the examples; `nil` where nothing is observed.
    ///
    /// - Parameter make: Computes it from the examples `[batch, ...]`; called once for an observation.
    /// - Returns: The evidence.
    public func evidence<Evidence>(_ make: (Tensor) -> Evidence) -> Evidence? {
        guard let observation else { return nil }
        defer { evidenceCount += 1 }
        return observation.evidence(evidenceCount, make)
    }

    /// The value of a latent, `[samples, batch, ...]`.
    ///
    /// - Parameters:
    ///   - name: What reports call the latent; unique in the model.
    ///   - prior: p(z_i | z_<i); `nil` where there is none, as in an autoencoder.
    ///   - posterior: q(z_i | z_<i, x); `nil` where nothing is observed.
    /// - Returns: The value that the network below reads.
    /// - Precondition: The walk has a source for the latent: a value that is given, a posterior, or a prior.
    @discardableResult
    public func latent(
        _ name: String, prior: (any Distribution)?, posterior: (any Distribution)?
    ) -> Tensor {
        precondition(!sites.contains { $0.name == name }, "two latents have the name '\(name)'")
        let posterior = filling.posteriors[name] ?? posterior
        let draw = fill(name, prior: prior, posterior: posterior)
        sites.append(Site(name: name, posterior: posterior, prior: prior, draw: draw))
        return draw.value
    }

    /// Shifts what p(x | z) is asked about from levels to values between them; without observation nothing happens.
    ///
    /// The noise is a site that no decoder reads: its rate counts as distortion.
    ///
    /// - Parameter noise: q(u | x) for the examples `[batch, ...]`.
    public func dequantize(_ noise: (Tensor) -> any Distribution) {
        guard let examples = observation?.batch.examples else { return }
        let posterior = noise(examples)
        // The code of an example is that of the middle of each level's bin.
        let draw =
            filling.source == .center
            ? Draw(Tensor(repeating: 0.5, shape: [samples] + examples.shape, dtype: examples.dtype))
            : drawn(posterior, named: "noise")
        let prior = UniformNoise(shape: examples.shape, eventRank: posterior.eventRank, dtype: examples.dtype)
        sites.append(Site(name: "noise", posterior: posterior, prior: prior, draw: draw, role: .noise))
        asked = DequantizedDensity.places(of: examples, noise: draw.value)
    }

    /// p(x | z) of a flow, whose encoder and decoder are one bijector: x = f(z), z = f⁻¹(x).
    ///
    /// Both densities are infinite and cancel; what remains is log |det ∂f⁻¹/∂x|, which is in the weight of the site.
    ///
    /// - Parameters:
    ///   - name: What reports call the latent.
    ///   - prior: p(z), the base.
    ///   - map: f.
    /// - Returns: All probability at x: in inference at what is observed.
    public func flow(_ name: String, prior: any Distribution, through map: any Bijector) -> any Likelihood {
        let rank = prior.eventRank
        if let asked, filling.given[name] == nil, filling.source != .prior {
            let isDrawn = asked.rank == rank + 2
            let inverse = map.inverse(
                isDrawn ? asked : asked.expanded(at: 0).broadcast(to: [samples] + asked.shape))
            sites.append(
                Site(
                    name: name, posterior: nil, prior: prior, draw: Draw(inverse.value),
                    role: .exact(logDeterminant: inverse.logDeterminant)))
            return PointMass(at: asked, eventRank: rank)
        }
        let z = latent(name, prior: prior, posterior: nil)
        return PointMass(at: map.forward(z).value, eventRank: rank)
    }

    /// The classes of the examples, one-hot `[batch, count]`.
    ///
    /// - Parameter count: How many classes the model knows.
    /// - Returns: A one in the column of each class.
    /// - Precondition: The batch has classes, each below `count`.
    public func oneHotClasses(of count: Int) -> Tensor {
        guard let classes, classes.allSatisfy({ (0..<count).contains($0) }) else {
            fatalError("a model of \(count) classes was given \(classes.map { "\($0)" } ?? "none")")
        }
        return Tensor(classes, shape: [classes.count]).oneHot(classes: count).converted(to: .float32)
    }

    /// Adds a change of the model's own state to what follows the step: a running statistic, without a gradient.
    ///
    /// - Parameter update: Made of sums over the batch, which parts of a batch add up.
    public func afterStep(_ update: StepUpdate) { updates.append(update) }

    // MARK: Filling

    private func fill(
        _ name: String, prior: (any Distribution)?, posterior: (any Distribution)?
    ) -> Draw {
        if let value = filling.given[name] { return Draw(value) }
        let isDeep = sites.count(where: { $0.role == .latent }) >= filling.depth
        switch isDeep ? .prior : filling.source {
        case .posterior:
            if let posterior { return drawn(posterior, named: name) }
        case .center:
            if let posterior = posterior as? any HasCentre {
                let center = posterior.centre
                return Draw(
                    center.broadcast(to: leading(of: posterior) + center.shape))
            }
            // A posterior without a center is drawn from.
            if let posterior { return drawn(posterior, named: name) }
        case .prior: break
        }
        guard let prior else { fatalError("the latent '\(name)' has no prior to be drawn from") }
        guard filling.temperature != 1 else { return Draw(drawn(prior, named: name).value) }
        guard let tempered = (prior as? any Tempered)?.tempered(by: filling.temperature) else {
            fatalError("the prior of '\(name)' cannot be drawn from at another temperature than 1")
        }
        return Draw(drawn(tempered, named: name).value)
    }

    private func drawn(_ distribution: any Distribution, named name: String) -> Draw {
        var noise = noise(named: name)
        let leading = leading(of: distribution)
        return (distribution as? any Reparameterized)?.draw(leading, using: &noise)
            ?? Draw(distribution.sample(leading, using: &noise))
    }

    /// The axes that a distribution's own batch lacks of `[samples, batch]`.
    private func leading(of distribution: any Distribution) -> [Int] {
        Array([samples, count].dropLast(min(2, distribution.batchShape.count)))
    }

    /// The noise of a purpose: a row for each draw of each example.
    func noise(named name: String) -> Generator { noise.child(named: name).byRows(keys) }

    /// The noise of a purpose with one row for each example.
    func noisePerExample(named name: String) -> Generator {
        noise.child(named: name).byRows(RowKeys(indices: indices, draws: 0..<1))
    }

    /// The same way again, with the draws of other numbers.
    func again(draws: Tensor) -> Walk {
        Walk(
            observation: observation, indices: indices, classes: classes,
            keys: RowKeys(indices: indices, draws: draws),
            noise: noise, filling: filling, rateEstimate: rateEstimate)
    }
}
