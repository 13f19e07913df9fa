import Bounds

/// What can end training other than its end; `description` is one line.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// Several steps in a row gave a loss or gradient that is not a number.
    case diverged(step: Int, inARow: Int)
    /// What the network that an objective trains along makes of z is no number.
    case discriminatorDiverged(step: Int)
    /// The checkpoint does not fit the run that wants to go on from it.
    case cannotResume(reason: String)

    /// One line: what happened and the mend.
    public var description: String {
        switch self {
        case .diverged(let step, let inARow):
            "the loss or its gradient was not finite in \(inARow) steps in a row, up to step \(step); "
                + "lower --learning-rate, set --gradient-limit, or check the data for extreme values"
        case .discriminatorDiverged(let step):
            "step \(step): \(BoundsError.discriminatorDiverged); lower --discriminator-learning-rate"
        case .cannotResume(let reason): "cannot go on from this checkpoint: \(reason)"
        }
    }
}
