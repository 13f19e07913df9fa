import Bounds
import Tensors

/// Where a run is: everything beside tensors that going on needs, exact through JSON.
public struct TrainingProgress: Codable, Sendable, Equatable {
    /// The epoch under way, counted from 0.
    public var epoch = 0
    /// Batches of that epoch already used.
    public var batch = 0
    /// Optimiser steps taken, skipped ones included.
    public var step = 0
    /// Steps left out because their loss or gradient was not finite.
    public var skippedSteps = 0
    /// How many of the last steps were left out in a row.
    public var skippedInARow = 0
    /// Seconds of training, over all sittings.
    public var seconds = 0.0
    /// The lowest validation loss so far, nats per example, as the objective declares it.
    public var bestLoss: Double?
    /// Epochs since then.
    public var epochsSinceBest = 0
    /// The loss of some examples before the first step, nats per example, as the objective declares it.
    public var startLoss: Double?
    /// The running mean of the losses of the steps before, nats per example; `nil` before the first.
    public var averageLoss: Double?
    /// The learning rate of the last step.
    public var learningRate = 0.0
    /// What is known of the latent units' use; `nil` before the first epoch.
    public var collapse: CollapseWatch?
    /// Whether training has ended.
    public var isFinished = false
    /// Sums over the examples of this epoch.
    public var sums = Sums()

    /// A run that begins.
    public init() {}

    /// Checks that the numbers can be those of a run, and that what follows can count on from them.
    ///
    /// - Throws: `TrainingError.cannotResume`.
    func validate() throws {
        let counts = [
            ("epoch", epoch), ("batch", batch), ("step", step), ("skippedSteps", skippedSteps),
            ("skippedInARow", skippedInARow), ("epochsSinceBest", epochsSinceBest),
            ("sums.examples", sums.examples),
        ]
        for (name, count) in counts + (collapse?.counts ?? []) where !(0...1 << 53).contains(count) {
            throw TrainingError.cannotResume(
                reason: "its '\(name)' is \(count), which no run can have come to")
        }
        for (name, number) in [("seconds", seconds), ("learningRate", learningRate)]
        where !(number >= 0 && number.isFinite) {
            throw TrainingError.cannotResume(reason: "its '\(name)' is \(number)")
        }
    }

    /// Takes the loss of a step into the running mean, which moves a tenth of the way.
    mutating func note(loss: Double) {
        averageLoss = averageLoss.map { $0 + 0.1 * (loss - $0) } ?? loss
    }

    /// Sums over examples, for the averages of an epoch.
    public struct Sums: Codable, Sendable, Equatable {
        /// Examples summed.
        public var examples = 0
        /// Distortion, nats.
        public var distortion = 0.0
        /// The rate of each latent by its name, nats.
        public var rates: [String: Double] = [:]
        /// The loss, nats.
        public var loss = 0.0

        /// The average ELBO, nats per example; NaN when no step counted.
        public var elbo: Double { -(meanDistortion + meanRate) }

        /// The average distortion, nats per example.
        public var meanDistortion: Double { distortion / Double(examples) }

        /// The average rate of all latents together, nats per example.
        public var meanRate: Double { rates.values.sorted().reduce(0, +) / Double(examples) }

        /// The average loss, nats per example.
        public var meanLoss: Double { loss / Double(examples) }

        /// Adds the bound of a batch.
        ///
        /// - Parameters:
        ///   - bound: Of each example.
        ///   - loss: The mean loss of the batch.
        ///   - count: How many examples the batch has.
        mutating func add(_ bound: Bound, loss: Double, examples count: Int) {
            examples += count
            distortion += bound.distortion.withoutGradient().sum().scalar()
            for rate in bound.rates {
                rates[rate.group, default: 0] += rate.rate.withoutGradient().sum().scalar()
            }
            self.loss += loss * Double(count)
        }
    }
}
