import Tensors

/// γ |rate − C(t)|: z may say just so much, and a little more with each step.
///
/// C grows linearly from 0. The distance is that of the batch's mean rate, which lets examples differ; the paper writes
/// it for each example. Source: Burgess et al. 2018, eq. 8, arXiv:1804.03599.
public struct CapacityTarget: Regularizer, Codable, Equatable {
    /// γ.
    public var weight: Double
    /// C in the end, nats per example.
    public var nats: Double
    /// Over how many epochs C grows; 0 for none.
    public var epochs: Int

    /// A target for the rate.
    public init(weight: Double, nats: Double, epochs: Int) {
        self.weight = weight
        self.nats = nats
        self.epochs = epochs
    }

    /// C, nats per example.
    public func target(at moment: Moment) -> Double {
        epochs == 0 || moment.isFinal ? nats : nats * min(1, moment.epoch / Double(epochs))
    }

    /// It is a function of the sum of the rate.
    public var coupling: Coupling { .sums }

    /// γ times the distance of the mean rate from C.
    public func cost(of sums: Sums, at moment: Moment) -> Tensor {
        (sums.mean("rate") - target(at: moment)).magnitude() * weight
    }

    /// Whether C has grown.
    public func isSettled(at moment: Moment) -> Bool { moment.epoch >= Double(epochs) }
}
