/// A measurement beside bound and likelihood, by name.
public enum Measurement: String, Sendable, CaseIterable {
    /// The ELBO cut into parts.
    case surgery
    /// What the ELBO loses.
    case gaps
    /// log p(x) by annealed importance sampling.
    case annealing
    /// What a better prior would gain.
    case priorFit = "prior fit"
    /// How far units stand for known factors.
    case disentanglement
    /// How like data samples are.
    case realism
    /// How far a flow and its inverse miss the examples.
    case roundTrip = "round trip"
}

/// Why a measurement was refused before anything was measured; `description` is one line.
public struct MeasurementError: Error, CustomStringConvertible {
    /// Which.
    public let measurement: Measurement
    /// What stands in the way, and the remedy.
    public let reason: String

    init(_ measurement: Measurement, _ reason: String) {
        self.measurement = measurement
        self.reason = reason
    }

    /// Measurement and reason.
    public var description: String { "\(measurement.rawValue): \(reason)" }
}

/// A measurement that failed after others were made.
public struct MeasurementFailure {
    /// Which.
    public let measurement: Measurement
    /// Why.
    public let error: any Error
}
