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
    /// The best validation ELBO so far, nats per example; its parts weigh as the objective has them.
    public var bestELBO: Double?
    /// Epochs since then.
    public var epochsSinceBest = 0
    /// The running mean of the losses of the steps before, nats per example; `nil` before the first.
    public var averageLoss: Double?
    /// What is known of the latent units' use; absent in runs from before it was watched.
    public var collapse: CollapseWatch?
    /// Whether training has ended.
    public var isFinished = false
    /// Draws the latents and what the preprocessing needs.
    public var noise: Generator
    /// Sums over the examples of this epoch.
    public var sums = Sums()

    /// A run that begins.
    public init(noise: Generator) {
        self.noise = noise
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
        /// Rate, nats.
        public var rate = 0.0

        /// The average ELBO, nats per example; NaN when no step counted.
        public var elbo: Double { -(meanDistortion + meanRate) }

        /// The average distortion, nats per example.
        public var meanDistortion: Double { distortion / Double(examples) }

        /// The average rate, nats per example.
        public var meanRate: Double { rate / Double(examples) }
    }
}
