import Tensors

/// The cost that takes the place of the rate, to shape the latent: a function of sums over examples.
public protocol Regularizer: Sendable {
    /// The sums over the examples of a trace that the cost is a function of, beside that of the `rate`.
    func sums(of trace: Trace, at moment: Moment) -> [String: Tensor]

    /// The cost, in nats per example.
    ///
    /// - Parameters:
    ///   - sums: Those of `sums(of:at:)`, and that of the `rate`.
    ///   - moment: When.
    /// - Returns: A scalar.
    func cost(of sums: Sums, at moment: Moment) -> Tensor

    /// How the cost depends on which examples are in a batch together.
    var coupling: Coupling { get }

    /// Whether the cost is what the run ends with.
    func isSettled(at moment: Moment) -> Bool
}

extension Regularizer {
    /// No further sums.
    public func sums(of trace: Trace, at moment: Moment) -> [String: Tensor] { [:] }

    /// None.
    public var coupling: Coupling { .none }

    /// It does not change.
    public func isSettled(at moment: Moment) -> Bool { true }
}

/// The mean of distortion + β · cost, β growing to 1.
public struct RegularizedLoss: Objective, Sendable {
    /// The cost.
    public var regularizer: any Regularizer
    /// How β grows.
    public var warmUp: WarmUp

    /// A loss with a warm-up.
    public init(_ regularizer: any Regularizer, warmUp: WarmUp = WarmUp()) {
        self.regularizer = regularizer
        self.warmUp = warmUp
    }

    /// That of the cost.
    public var coupling: Coupling { regularizer.coupling }

    /// β.
    public func rateWeight(at moment: Moment) -> Double { warmUp.weight(at: moment) }

    /// Σ distortion, Σ rate, and those of the cost.
    public func sums(of trace: Trace, at moment: Moment) -> Sums {
        let bound = trace.bound
        return Sums(
            examples: trace.count, ["distortion": bound.distortion.sum(), "rate": bound.rate.sum()]
        ).merging(regularizer.sums(of: trace, at: moment))
    }

    /// distortion + β · cost.
    public func loss(of sums: Sums, at moment: Moment) -> Tensor {
        sums.mean("distortion") + regularizer.cost(of: sums, at: moment) * rateWeight(at: moment)
    }

    /// Whether β is 1 and the cost what it ends with.
    public func isSettled(at moment: Moment) -> Bool {
        rateWeight(at: moment) == 1 && regularizer.isSettled(at: moment)
    }
}
