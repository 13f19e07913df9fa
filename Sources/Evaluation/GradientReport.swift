/// How biased and how noisy estimates of a bound's gradient are, on one batch of a model as it is.
///
/// The gradient is that of the mean bound over the batch, of all the encoder's weights φ together.
public struct GradientReport: Codable, Sendable, Equatable {
    /// A bound by name.
    public enum BoundName: String, Codable, Sendable, CaseIterable {
        /// The mean of the log weights.
        case elbo
        /// The log of the mean weight.
        case iwae
    }

    /// Which part of the data the batch is from.
    public var split: String
    /// How many examples are in it.
    public var examples: Int
    /// k, draws of z for each example in an estimate.
    public var samples: Int
    /// Which bound of the draws.
    public var bound: BoundName
    /// Estimates drawn of each kind.
    public var repeats: Int
    /// Reparameterised estimates drawn for the reference.
    public var referenceRepeats: Int
    /// |∇_φ F|, by the reference; absent where that does not see it above its noise.
    public var norm: Double?
    /// What was found of each estimator.
    public var rows: [Row]
    /// What was found of decoder and prior, for which all estimators are one; absent where nothing else learns.
    public var others: Spread?

    /// An estimator, with its noise and its bias.
    public struct Row: Codable, Sendable, Equatable {
        /// Its name.
        public var estimator: String
        /// What a score function is measured from.
        public var baseline: String?
        /// tr Cov[g], the variances of all elements of an estimate g together.
        public var variance: Estimate
        /// |∇_φ F| / √tr Cov[g]; how many estimates it takes to see the gradient is one over its square.
        ///
        /// Absent where the gradient was not seen.
        public var signalToNoise: Double?
        /// How far E[g] is from ∇_φ F: zero but for chance where there is no bias.
        public var bias: Estimate

        /// The bias in its standard errors, a standard normal draw where there is none; NaN where nothing varies.
        public var zScore: Double { bias.mean / bias.standardError }

        /// Name and baseline.
        public var name: String { baseline.map { "\(estimator), \($0)" } ?? estimator }
    }

    /// The noise of a gradient.
    public struct Spread: Codable, Sendable, Equatable {
        /// The gradient's norm; absent where it is not seen above the noise.
        public var norm: Double?
        /// tr Cov[g].
        public var variance: Estimate
        /// Norm over standard deviation.
        public var signalToNoise: Double? { norm.map { $0 / variance.mean.squareRoot() } }
    }
}
