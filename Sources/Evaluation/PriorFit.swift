/// What another prior would gain: the best Gaussian mixture r(z) fitted to the codes of training examples.
///
///     gain = E_x E_q(z | x)[log r(z) − log p(z)]
///
/// on examples that the mixture has not seen: how much the rate would fall, and the ELBO rise, if r took the place of
/// the prior and nothing else changed. The best of all priors is the aggregated posterior q(z), so that over the same
/// examples the gain is at most KL(q(z) ‖ p(z)), but for chance.
///
/// Source: Hoffman, Johnson 2016, "ELBO surgery"; Tomczak, Welling 2018, section 2, arXiv:1705.07120.
public struct PriorFit: Codable, Sendable, Equatable {
    /// Which part of the data.
    public var split: String
    /// How many of its examples.
    public var examples: Int
    /// Draws of z for each.
    public var samples: Int
    /// How many training examples the mixture was fitted to, by one draw of z each.
    public var trainingExamples: Int
    /// How many Gaussians with independent units it has.
    public var components: Int
    /// By what their number was chosen.
    public var candidates: [Candidate]
    /// Nats per example.
    public var gain: Estimate

    /// A number of components that was tried.
    public struct Candidate: Codable, Sendable, Equatable {
        /// The number.
        public var components: Int
        /// The mean of log r(z) over codes of training examples that were set aside, nats.
        public var logDensity: Double
    }
}
