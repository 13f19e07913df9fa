/// The ELBO split into parts that show how z is used, in nats per example.
///
/// As a code: to say x one first says z, at −log p(z) each, then x, at −log p(x | z), and gets back the bits that chose
/// among the z of q(z | x):
///
///     −ELBO = E[−log p(x | z)] + E[−log p(z)] − E[−log q(z | x)]
///
/// And with the aggregated posterior q(z) = 1/n Σ q(z | x_i):
///
///     ELBO = E[log p(x | z)] − I(x; z) − KL(q(z) ‖ p(z)),   I(x; z) = 1/n Σ KL(q(z | x_i) ‖ q(z)) ≤ log n
///
/// Source: Hoffman, Johnson 2016, "ELBO surgery: yet another way to carve up the variational evidence lower bound".
public struct Surgery: Codable, Sendable, Equatable {
    /// Which part of the data.
    public var split: String
    /// n, how many examples.
    public var examples: Int
    /// Draws of z for each example.
    public var samples: Int
    /// E[log p(x | z)]; the cross-entropy of the decoder is its negative.
    public var reconstruction: Estimate
    /// The cross-entropy of the prior, E[−log p(z)].
    public var priorCrossEntropy: Estimate
    /// The entropy of the encoder, E[−log q(z | x)].
    public var encoderEntropy: Estimate
    /// What the aggregated posterior shows, where it could be asked.
    public var aggregate: Aggregate?
    /// Why it could not.
    public var obstacle: EvaluationError?

    /// The rate cut in two by the aggregated posterior.
    public struct Aggregate: Codable, Sendable, Equatable {
        /// I(x; z) under q: what z tells about which of the n examples it belongs to; at most log n.
        public var mutualInformation: Estimate
        /// KL(q(z) ‖ p(z)): what a better prior would gain on these examples.
        public var priorDivergence: Estimate
        /// I + KL(q(z) ‖ p(z)) − KL(q(z | x) ‖ p(z)) by its closed form, where there is one: zero but for chance.
        public var residual: Estimate?
        /// I as it comes out when q(z) is taken to be the mixture of a minibatch's posteriors.
        public var minibatches: [Minibatches]
    }

    /// The mutual information by minibatches: too small, as it cannot exceed log m.
    public struct Minibatches: Codable, Sendable, Equatable {
        /// m, the examples in one.
        public var size: Int
        /// I estimated so.
        public var mutualInformation: Estimate
        /// Its bias: this estimate less I over all n, on the same examples; negative.
        public var bias: Estimate
    }
}
