import Tensors

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
    /// Those of the base.
    public var columnNames: [String]? { base.columnNames }
    /// How many examples.
    public var count: Int { indices.count }

    /// Those of the base.
    public func hashes(at places: [Int]) throws -> [UInt64] {
        try base.hashes(at: places.map { indices[$0] })
    }

    /// The index in the base, or in what that is a part of.
    public func index(of place: Int) -> Int { base.index(of: indices[place]) }

    /// The examples at the places.
    public func examples(at places: [Int]) throws -> Tensor {
        try base.examples(at: places.map { indices[$0] })
    }
}
