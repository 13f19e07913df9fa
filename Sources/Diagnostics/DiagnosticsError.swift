/// Why codes or images cannot be judged.
public enum DiagnosticsError: Error, Equatable, CustomStringConvertible {
    /// No unit whose code varies over the examples.
    case noActiveUnit
    /// Data of one class, or without classes.
    case noClasses
    /// Fewer images than subsets and neighbours need.
    case tooFewImages
    /// Data that are no images, or too small ones.
    case noImages

    /// What stands in the way, to follow the name of the measurement.
    public var description: String {
        switch self {
        case .noActiveUnit: "every unit has collapsed, so that the codes say nothing of the factors"
        case .noClasses:
            "the data have no classes, from which the features that images are compared in are learnt"
        case .tooFewImages: "too few images to compare; give 20 at least"
        case .noImages: "the data are no images of 3×3 pixels at least"
        }
    }
}
