import Bounds

/// What can end training other than its end; `description` is one line.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// Several steps in a row gave a loss or gradient that is not a number.
    case diverged(step: Int, inARow: Int)
    /// The discriminator of an objective gives values that are not finite.
    case discriminatorDiverged(step: Int)
    /// There is nothing left to train.
    case allEpochsDone(Int)
    /// The checkpoint does not fit the run that wants to go on from it.
    case cannotResume(reason: String)

    /// One line: what happened and what to do.
    public var description: String {
        switch self {
        case .diverged(let step, let inARow):
            "the loss or its gradient was not finite in \(inARow) steps in a row, up to step \(step); "
                + "lower the learning rate, limit the gradient, or check the data for extreme values"
        case .discriminatorDiverged(let step):
            "step \(step): \(BoundsError.discriminatorDiverged); lower its learning rate"
        case .allEpochsDone(let epochs): "all \(epochs) epochs are done; ask for more epochs"
        case .cannotResume(let reason): "cannot go on from this checkpoint: \(reason)"
        }
    }
}
