import Bounds

/// What can end training other than its end; `description` is one line.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// Several steps in a row gave a loss or gradient that is not a number.
    case diverged(step: Int, inARow: Int)
    /// The discriminator of an objective gives values that are not finite.
    case discriminatorDiverged(step: Int)
    /// A weight is not a finite number.
    case weightsNotFinite(step: Int, name: String)
    /// The loss on the validation split is not finite at the end.
    case validationNotFinite(step: Int)
    /// Most steps were left out, as their loss or gradient was not finite.
    case mostStepsSkipped(Int, of: Int)
    /// There is nothing left to train.
    case allEpochsDone(Int)
    /// The run has ended for want of a better validation bound.
    case stoppedEarly(epoch: Int, patience: Int)
    /// The checkpoint does not fit the run that wants to go on from it.
    case cannotResume(reason: String)

    /// One line: what happened and what to do.
    public var description: String {
        switch self {
        case .diverged(let step, let inARow):
            "the loss or its gradient was not finite in \(inARow) steps in a row, up to step \(step); "
                + Self.divergenceRemedy
        case .weightsNotFinite(let step, let name):
            "training diverged: after step \(step) the weights '\(name)' are not finite; " + Self.kept
                + Self.divergenceRemedy
        case .validationNotFinite(let step):
            "training diverged: after step \(step) the loss on the validation split is not finite; "
                + Self.kept + Self.divergenceRemedy
        case .mostStepsSkipped(let skipped, let steps):
            "training diverged: \(skipped) of \(steps) steps were skipped, as the loss or its gradient was not "
                + "finite; " + Self.kept + Self.divergenceRemedy
        case .discriminatorDiverged(let step):
            "step \(step): \(BoundsError.discriminatorDiverged); lower its learning rate"
        case .allEpochsDone(let epochs): "all \(epochs) epochs are done; ask for more epochs"
        case .stoppedEarly(let epoch, let patience):
            "the run stopped early, after epoch \(epoch) and \(patience) epochs without a better validation bound; give "
                + "it more patience in its config.json to go on"
        case .cannotResume(let reason): "cannot go on from this checkpoint: \(reason)"
        }
    }

    private static let divergenceRemedy =
        "lower the learning rate, limit the gradient, or check the data for extreme values"
    private static let kept = "the checkpoint before is kept; "
}
