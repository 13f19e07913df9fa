/// Why a measurement cannot be made of a model.
public enum EvaluationError: String, Error, Codable, Sendable, CustomStringConvertible {
    /// No latent group.
    case noLatent
    /// More groups than one.
    case severalGroups
    /// p(z | y), another one for each class.
    case conditionalPrior
    /// q(z | x) is known at its own draws only.
    case posteriorUnknownElsewhere
    /// q(z | x) has no parameters of each example that could be moved.
    case posteriorNotRefinable
    /// No weights that belong to q(z | x) alone.
    case noEncoder
    /// The bound of the examples is not a finite number.
    case boundNotFinite

    /// What stands in the way, to follow the name of the measurement.
    public var description: String {
        switch self {
        case .noLatent: "the model has no latent with a prior"
        case .severalGroups: "the model has several groups of latents"
        case .conditionalPrior: "the prior depends on the class, so that there is no one to compare with"
        case .posteriorUnknownElsewhere:
            "q(z | x) is known at its own draws only, as with maps that have no inverse, so that it cannot "
                + "be asked about another example's z"
        case .posteriorNotRefinable: "q(z | x) is not a Gaussian, which is what can be refined"
        case .noEncoder: "the model has no encoder with weights of its own"
        case .boundNotFinite:
            "the bound is not a finite number: the model gives some example no probability, or has diverged; "
                + "check the data for extreme values, or take another checkpoint"
        }
    }
}
