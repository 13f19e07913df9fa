import Tensors

/// Some examples of a source with what belongs to them: what a loader gives, and what a model observes.
public struct Batch: Sendable {
    /// `[count] + exampleShape`: as they are stored or, once preprocessed, as the model sees them.
    public let examples: Tensor
    /// Their indices in the set: the keys of their noise.
    public let indices: [Int]
    /// Their classes, where the set has classes.
    public let classes: [Int]?

    /// A batch.
    ///
    /// - Parameters:
    ///   - examples: `[count] + exampleShape`.
    ///   - indices: Of the examples in their source; 0, 1, … when absent.
    ///   - classes: One for each example, where there are some.
    public init(_ examples: Tensor, indices: [Int]? = nil, classes: [Int]? = nil) {
        let count = examples.size(along: 0)
        self.examples = examples
        self.indices = indices ?? Array(0..<count)
        self.classes = classes
        precondition(
            self.indices.count == count && (classes?.count ?? count) == count,
            "\(count) examples with \(self.indices.count) indices and \(classes?.count ?? count) classes")
    }

    /// How many examples there are.
    public var count: Int { indices.count }

    /// The examples of a range of the batch.
    public subscript(range: Range<Int>) -> Batch {
        Batch(
            examples[.range(range)], indices: Array(indices[range]), classes: classes.map { Array($0[range]) }
        )
    }

    /// The same batch with its examples replaced, as preprocessing does.
    public func with(examples: Tensor) -> Batch { Batch(examples, indices: indices, classes: classes) }
}

extension DataSource {
    /// The examples at some places, with their indices and classes.
    ///
    /// - Throws: Errors of reading.
    public func batch(at places: [Int]) throws -> Batch {
        Batch(
            try examples(at: places), indices: places.map(index),
            classes: labels.map { labels in places.map { labels[$0] } })
    }

    /// The examples of a range of indices, with their classes.
    ///
    /// - Throws: Errors of reading.
    public func batch(_ range: Range<Int>) throws -> Batch { try batch(at: Array(range)) }
}
