import Datasets
import Layers
import Probability
import Tensors

/// What can be asked of a model, found by a trial walk.
public struct ModelTraits: Sendable {
    /// A latent that the decoder reads.
    public struct Latent: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// The shape of its value for one example.
        public let shape: [Int]
        /// How many numbers it has.
        public var size: Int { shape.reduce(1, *) }
    }

    /// The latents that the decoder reads, in ancestral order: their values side by side are an example's code.
    public let latents: [Latent]
    /// What objectives and estimators may ask of the latents.
    public let latentTraits: Set<LatentTrait>
    /// Whether every latent has a prior, so that the model generates.
    public let hasPrior: Bool
    /// Whether the bound falls into distortion and rate: where encoder or decoder is a point mass, only the sum is finite.
    public let hasSplit: Bool
    /// Whether log p(x) is exact: nothing is drawn in inference.
    public let isExact: Bool
    /// Whether the encoder is a point mass without a prior or density: the numbers bound no likelihood.
    public let isAutoencoder: Bool
    /// Whether p(x | z) is a distribution of zeros and ones.
    public let isBinary: Bool
    /// Whether an example is an image of three channels.
    public let isColor: Bool

    /// The traits of a model.
    ///
    /// - Parameters:
    ///   - model: Walked once with two draws, in training, without gradients or changes.
    ///   - example: A batch of one example, such as zeros.
    /// - Precondition: p(x | z) has the batch axes `[samples, batch]`.
    public init(of model: any LatentVariableModel, example: Batch) {
        let state = ModuleState(model)
        // A walk in training may change running statistics, which are put back.
        let before = state.tensors.map { ($0.tensor, $0.tensor.copy()) }
        defer { for (tensor, value) in before { tensor.copy(from: value) } }
        state.setTraining(true)
        let trace = withoutGradients { model.trace(of: example, samples: 2, using: Generator(seed: 0)) }
        let (axes, expected) = (trace.likelihood.batchShape, [2, example.count])
        precondition(
            [expected, Array(expected.dropFirst()), []].contains(axes),
            "p(x | z) of \(type(of: model)) has the batch axes \(axes), expected [samples, batch] = \(expected)"
        )
        state.setTraining(false)
        let sites = trace.sites.filter { $0.role == .latent }
        latents = trace.sites.filter { $0.role != .noise }.map {
            Latent(name: $0.name, shape: Array($0.value.shape.dropFirst(2)))
        }
        hasPrior = sites.allSatisfy { $0.prior != nil }
        isAutoencoder = sites.contains { $0.posterior is PointMass }
        let isFlow = trace.sites.contains {
            if case .exact = $0.role { true } else { false }
        }
        hasSplit = !isAutoencoder && !isFlow
        isExact = sites.isEmpty && !trace.sites.contains { $0.role == .noise }
        isBinary = trace.likelihood is Bernoulli
        let shape = example.examples.shape
        isColor = shape.count == 4 && shape[1] == 3
        latentTraits = Self.traits(of: trace)
    }

    /// How many numbers a code has.
    public var units: Int { latents.reduce(0) { $0 + $1.size } }

    /// Why the numbers of such a model are no likelihood of data; `nil` where they are.
    ///
    /// - Parameter seesBinary: Whether the model sees zeros and ones only.
    /// - Returns: The reason, in a few words.
    public func lossReason(seesBinary: Bool) -> String? {
        if isAutoencoder { return "an autoencoder" }
        return isBinary && !seesBinary ? "\(isColor ? "color" : "grey") values under a Bernoulli" : nil
    }

    /// What a reported bound of such a model is.
    ///
    /// - Parameters:
    ///   - seesBinary: Whether the model sees zeros and ones only.
    ///   - seesBareLevels: Whether it takes 8-bit levels for real numbers.
    /// - Returns: Exact, a bound of a probability or of a density, or a loss.
    public func boundKind(seesBinary: Bool, seesBareLevels: Bool = false) -> BoundKind {
        if lossReason(seesBinary: seesBinary) != nil { return .loss }
        return seesBareLevels ? .density : isExact ? .exact : .bound
    }

    private static func traits(of trace: Trace) -> Set<LatentTrait> {
        let latents = trace.latents
        guard !latents.isEmpty else { return [] }
        let drawn = trace.sites.filter { $0.posterior != nil }
        var traits: Set<LatentTrait> = [.hasPrior]
        func claim(_ trait: LatentTrait, _ holds: Bool) { if holds { traits.insert(trait) } }
        let isAlone = latents.allSatisfy(\.dependsOnExamplesAlone)
        let isKnown = latents.allSatisfy { $0.posterior!.isKnownEverywhere && !($0.posterior is PointMass) }
        claim(.isKnownEverywhere, isKnown)
        claim(.dependsOnExamplesAlone, isAlone)
        claim(.isDetachable, isKnown && isAlone && drawn.allSatisfy { $0.posterior is any Detachable })
        claim(
            .hasIndependentUnits,
            isAlone && latents.allSatisfy { $0.posterior is any HasVariance & HasElementwiseDensity })
        claim(.hasUnitRates, withoutGradients { latents.allSatisfy { $0.unitRates != nil } })
        claim(
            .hasIndependentDraws,
            !trace.sites.contains { $0.role == .noise } && !trace.likelihood.couplesOutcomes)
        return traits
    }
}
