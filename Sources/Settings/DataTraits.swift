/// What is known of a set of examples when settings are chosen to suit it.
public struct DataTraits: Sendable, Equatable {
    /// What the elements of an example are.
    public enum Elements: Sendable {
        /// The 256 levels of images.
        case levels
        /// Zeros and ones.
        case binary
        /// Real numbers.
        case real
    }

    /// What the elements are, as they are stored.
    public var elements: Elements
    /// `[channels, height, width]` or `[values]`.
    public var exampleShape: [Int]
    /// How many examples there are to learn from.
    public var count: Int
    /// How many classes the examples have; 0 for none.
    public var classes: Int
    /// Whether the set comes without splits for validation and test.
    public var isWhole: Bool
    /// Whether the model sees the levels of images, rather than binarized ones.
    public var showsLevels: Bool
    /// The size of z, once a model has chosen it for its parts.
    public var latents: Int?

    /// The traits of a set.
    public init(
        elements: Elements, exampleShape: [Int], count: Int, classes: Int = 0, isWhole: Bool = false,
        showsLevels: Bool = false
    ) {
        self.elements = elements
        self.exampleShape = exampleShape
        self.count = count
        self.classes = classes
        self.isWhole = isWhole
        self.showsLevels = showsLevels
    }
}
