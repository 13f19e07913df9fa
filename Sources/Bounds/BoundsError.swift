/// What an objective can find wrong with itself; `description` is one line.
public enum BoundsError: Error, Equatable, CustomStringConvertible {
    /// The loss of a network that learns along, or its gradient, is not a number, though what it learns from is.
    case discriminatorDiverged

    /// What happened.
    public var description: String {
        switch self {
        case .discriminatorDiverged: "the loss of the discriminator or its gradient is not finite"
        }
    }
}
