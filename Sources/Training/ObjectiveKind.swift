import Bounds
import Tensors

extension TrainingSettings {
    /// Which loss, with its numbers.
    public enum ObjectiveKind: Sendable, Equatable {
        /// The negative ELBO.
        case elbo
        /// The negative importance-weighted bound.
        case iwae
        /// The average of the importance-weighted bounds of parts of the draws.
        case miwae(parts: Int)
        /// The importance-weighted bound for the decoder, that of parts for the encoder.
        case piwae(parts: Int)
        /// Between the importance-weighted bound and the ELBO.
        case ciwae(elboShare: Double)
        /// The rate weighs β.
        case beta(WeightedRate)
        /// The rate is held at a target.
        case capacity(CapacityTarget)
        /// A rate below a threshold is free.
        case freeBits(FreeBits)
        /// The total correlation weighs β.
        case totalCorrelation(TotalCorrelation)
        /// The discrepancy of aggregated posterior and prior.
        case meanDiscrepancy(MeanDiscrepancy)
        /// The covariance of the aggregated posterior.
        case disentangledPrior(DisentangledPrior)
        /// The weight of ‖z‖².
        case latentWidth(LatentWidth)
        /// The total correlation, as told by a network that learns along, weighs 1 + γ.
        case factor(FactorLoss.Settings)
    }
}

extension TrainingSettings.ObjectiveKind {
    /// What is minimised.
    ///
    /// - Parameters:
    ///   - estimator: How gradients are found.
    ///   - warmUp: Of the rate's weight.
    ///   - backwardSamples: How many draws go through the backward pass; all when absent.
    ///   - units: How many numbers z has; asked for by what learns itself.
    ///   - generator: Draws the weights of what learns itself.
    /// - Returns: The loss.
    /// - Throws: What `units` throws.
    func make(
        estimator: GradientEstimator, warmUp: WarmUp, backwardSamples: Int?, units: () throws -> Int,
        using generator: inout Generator
    ) throws -> any Objective {
        if case .factor(let settings) = self {
            return FactorLoss(settings, warmUp: warmUp, units: try units(), using: &generator)
        }
        if let regularizer { return RegularizedLoss(regularizer, warmUp: warmUp) }
        // The plain ELBO is not made of log weights, so that its rate may be analytic.
        guard let bounds, self != .elbo || estimator != .reparameterized else {
            return NegativeELBO(warmUp: warmUp)
        }
        return NegativeMultiSampleBound(
            bounds.generative, inference: bounds.inference, estimator: estimator, warmUp: warmUp,
            backwardSamples: backwardSamples)
    }

    /// The bounds of log weights that decoder and encoder follow, if it is such.
    var bounds: (generative: MultiSampleBound, inference: MultiSampleBound)? {
        switch self {
        case .elbo: (.elbo, .elbo)
        case .iwae: (.importanceWeighted, .importanceWeighted)
        case .miwae(let parts): (MultiSampleBound(parts: parts), MultiSampleBound(parts: parts))
        case .piwae(let parts): (.importanceWeighted, MultiSampleBound(parts: parts))
        case .ciwae(let share): (MultiSampleBound(elboShare: share), MultiSampleBound(elboShare: share))
        default: nil
        }
    }

    /// What stands in the place of the rate, if something does.
    private var regularizer: (any Regularizer)? {
        switch self {
        case .elbo, .iwae, .miwae, .piwae, .ciwae, .factor: nil
        case .beta(let regularizer): regularizer
        case .capacity(let regularizer): regularizer
        case .freeBits(let regularizer): regularizer
        case .totalCorrelation(let regularizer): regularizer
        case .meanDiscrepancy(let regularizer): regularizer
        case .disentangledPrior(let regularizer): regularizer
        case .latentWidth(let regularizer): regularizer
        }
    }

    /// The choice in a phrase.
    public var summary: String {
        switch self {
        case .elbo: "ELBO"
        case .iwae: "importance-weighted bound"
        case .miwae(let parts): "mean importance-weighted bound of \(parts) parts of the draws"
        case .piwae(let parts):
            "importance-weighted bound, for the encoder the mean of those of \(parts) parts of the draws"
        case .ciwae(let share): "importance-weighted bound with \(share) of the ELBO"
        case .beta(let rate): "rate weighed by \(rate.weight)"
        case .capacity(let target): "rate held at \(target.nats) nats by \(target.weight)"
        case .freeBits(let freeBits): "\(freeBits.nats) free nats for each \(freeBits.scope)"
        case .totalCorrelation(let correlation): "total correlation weighed by \(correlation.weight)"
        case .meanDiscrepancy(let discrepancy):
            "discrepancy from the prior weighed by \(discrepancy.weight), rate by \(discrepancy.rateWeight)"
        case .disentangledPrior(let prior):
            "covariance of the \(prior.form == .means ? "posterior means" : "latents") weighed by \(prior.weight)"
        case .latentWidth(let width): "squared latents weighed by \(width.weight)"
        case .factor(let factor): "total correlation by a discriminator weighed by \(factor.weight)"
        }
    }

    /// What it asks of the latents.
    var needs: Set<LatentTrait> {
        switch self {
        case .elbo, .iwae, .miwae, .ciwae: []
        case .piwae: [.isKnownEverywhere, .isDetachable]
        case .beta, .capacity, .meanDiscrepancy, .latentWidth, .factor: [.hasPrior]
        case .freeBits(let freeBits): freeBits.scope == .unit ? [.hasUnitRates] : [.hasPrior]
        case .totalCorrelation, .disentangledPrior: [.hasIndependentUnits]
        }
    }

    /// Checks its numbers.
    ///
    /// - Throws: `TrainingError.invalid`.
    func validate(samples: Int) throws {
        func positive(_ name: String, _ value: Double) throws {
            try require(value > 0 && value.isFinite, name, value, "a positive number")
        }
        func notNegative(_ name: String, _ value: Double) throws {
            try require(value >= 0 && value.isFinite, name, value, "0 or a positive number")
        }
        switch self {
        case .elbo, .iwae: break
        case .miwae(let parts), .piwae(let parts):
            try require(
                parts >= 1 && samples % parts == 0, "parts", parts,
                "a divisor of the number of samples, \(samples)")
        case .ciwae(let share): try require((0...1).contains(share), "elboShare", share, "0 to 1")
        case .beta(let rate): try notNegative("objective weight", rate.weight)
        case .capacity(let target):
            try positive("objective weight", target.weight)
            try notNegative("capacity", target.nats)
            try require(target.epochs >= 0, "capacity epochs", target.epochs, "0 or more")
        case .freeBits(let freeBits): try notNegative("free bits", freeBits.nats)
        case .totalCorrelation(let correlation): try notNegative("objective weight", correlation.weight)
        case .meanDiscrepancy(let discrepancy):
            try notNegative("objective weight", discrepancy.weight)
            try notNegative("rate weight", discrepancy.rateWeight)
        case .disentangledPrior(let prior): try notNegative("objective weight", prior.weight)
        case .latentWidth(let width): try positive("objective weight", width.weight)
        case .factor(let factor):
            try notNegative("gamma", factor.weight)
            try require(
                !factor.hidden.isEmpty && factor.hidden.allSatisfy { $0 > 0 }, "discriminator hidden",
                factor.hidden, "one or more widths, each at least 1")
            try positive("discriminator learning rate", factor.learningRate)
        }
    }
}

// Those without numbers are their names in JSON, as before there were others; the others are `{"beta": {"weight": 4}}`.
extension TrainingSettings.ObjectiveKind: Codable {
    private enum Name: String, CodingKey, CaseIterable {
        case elbo, iwae, miwae, piwae, ciwae, beta, capacity
        case freeBits = "free-bits"
        case totalCorrelation = "total-correlation"
        case meanDiscrepancy = "mean-discrepancy"
        case disentangledPrior = "disentangled-prior"
        case latentWidth = "latent-width"
        case factor
    }

    /// Reads a name, or a name with its numbers.
    public init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            switch Name(rawValue: name) {
            case .elbo: self = .elbo
            case .iwae: self = .iwae
            default: throw Self.unknown(decoder, "'\(name)' alone is no objective")
            }
            return
        }
        let container = try decoder.container(keyedBy: Name.self)
        guard let name = container.allKeys.first, container.allKeys.count == 1 else {
            throw Self.unknown(decoder, "an objective is one of \(Name.allCases.map(\.rawValue))")
        }
        func numbers<Value: Decodable>() throws -> Value { try container.decode(Value.self, forKey: name) }
        switch name {
        case .elbo: self = .elbo
        case .iwae: self = .iwae
        case .miwae: self = .miwae(parts: try numbers())
        case .piwae: self = .piwae(parts: try numbers())
        case .ciwae: self = .ciwae(elboShare: try numbers())
        case .beta: self = .beta(try numbers())
        case .capacity: self = .capacity(try numbers())
        case .freeBits: self = .freeBits(try numbers())
        case .totalCorrelation: self = .totalCorrelation(try numbers())
        case .meanDiscrepancy: self = .meanDiscrepancy(try numbers())
        case .disentangledPrior: self = .disentangledPrior(try numbers())
        case .latentWidth: self = .latentWidth(try numbers())
        case .factor: self = .factor(try numbers())
        }
    }

    /// Writes what is read.
    public func encode(to encoder: any Encoder) throws {
        func name(_ name: Name) throws {
            var container = encoder.singleValueContainer()
            try container.encode(name.rawValue)
        }
        func numbers(_ value: some Encodable, of name: Name) throws {
            var container = encoder.container(keyedBy: Name.self)
            try container.encode(value, forKey: name)
        }
        switch self {
        case .elbo: try name(.elbo)
        case .iwae: try name(.iwae)
        case .miwae(let parts): try numbers(parts, of: .miwae)
        case .piwae(let parts): try numbers(parts, of: .piwae)
        case .ciwae(let share): try numbers(share, of: .ciwae)
        case .beta(let value): try numbers(value, of: .beta)
        case .capacity(let value): try numbers(value, of: .capacity)
        case .freeBits(let value): try numbers(value, of: .freeBits)
        case .totalCorrelation(let value): try numbers(value, of: .totalCorrelation)
        case .meanDiscrepancy(let value): try numbers(value, of: .meanDiscrepancy)
        case .disentangledPrior(let value): try numbers(value, of: .disentangledPrior)
        case .latentWidth(let value): try numbers(value, of: .latentWidth)
        case .factor(let value): try numbers(value, of: .factor)
        }
    }

    private static func unknown(_ decoder: any Decoder, _ reason: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: reason))
    }
}
