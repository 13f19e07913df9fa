import Tensors

/// What the elements of a set are.
public enum ElementKind: String, Codable, Sendable {
    /// Levels 0…255 in a byte: images.
    case bytes
    /// Zeros and ones in a byte.
    case binary
    /// Real numbers in float32: tables.
    case real
}

/// Examples that can be fetched by number.
///
/// A source may hold its examples in memory, read them from a folder, or draw them.
public protocol DataSource: Sendable {
    /// What messages call the set.
    var name: String { get }
    /// `[channels, height, width]` for images, `[values]` for rows of a table.
    var exampleShape: [Int] { get }
    /// What the elements are.
    var elementKind: ElementKind { get }
    /// How many examples.
    var count: Int { get }
    /// The class of each example, where the set has classes.
    var labels: [Int]? { get }

    /// The examples at the places, in that order.
    ///
    /// Shapes: `[indices.count] + exampleShape`; uint8 for bytes and binary, float32 for real.
    ///
    /// - Throws: `DatasetsError` when an example cannot be read.
    func examples(at indices: [Int]) throws -> Tensor
}

/// Examples held in one tensor.
public struct InMemorySource: DataSource {
    /// What messages call the set.
    public let name: String
    /// What the elements are.
    public let elementKind: ElementKind
    /// The class of each example.
    public let labels: [Int]?
    private let tensor: Tensor

    /// A source over `[count, ...]`.
    ///
    /// - Precondition: uint8 for bytes and binary, float32 for real; as many labels as examples.
    public init(name: String, examples: Tensor, elementKind: ElementKind, labels: [Int]? = nil) {
        precondition(
            examples.dtype == (elementKind == .real ? .float32 : .uint8),
            "\(elementKind) from \(examples.dtype)")
        precondition(labels.map { $0.count == examples.size(along: 0) } ?? true, "one label for each example")
        self.name = name
        self.elementKind = elementKind
        self.labels = labels
        tensor = examples
    }

    /// The shape of an example.
    public var exampleShape: [Int] { Array(tensor.shape.dropFirst()) }
    /// How many examples.
    public var count: Int { tensor.size(along: 0) }

    /// The examples at the places.
    public func examples(at indices: [Int]) -> Tensor {
        tensor.gathering(Tensor(indices), along: 0)
    }
}

/// Some of the examples of another source.
public struct SubsetSource: DataSource {
    private let base: any DataSource
    private let indices: [Int]
    /// The class of each example.
    public let labels: [Int]?

    /// The examples at `indices` of `base`, in that order.
    public init(_ base: any DataSource, at indices: [Int]) {
        self.base = base
        self.indices = indices
        labels = base.labels.map { labels in indices.map { labels[$0] } }
    }

    /// What messages call the set.
    public var name: String { base.name }
    /// The shape of an example.
    public var exampleShape: [Int] { base.exampleShape }
    /// What the elements are.
    public var elementKind: ElementKind { base.elementKind }
    /// How many examples.
    public var count: Int { indices.count }

    /// The examples at the places.
    public func examples(at places: [Int]) throws -> Tensor {
        try base.examples(at: places.map { indices[$0] })
    }
}
