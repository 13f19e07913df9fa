import Tensors

/// Cuts a source into batches whose content is a function of seed and epoch alone.
public struct BatchLoader: Sendable {
    /// Where the examples come from.
    public let source: any DataSource
    /// Examples in a batch; the last one of an epoch may be shorter.
    public let batchSize: Int
    private let order: Generator?

    /// How many batches are read before they are asked for.
    private static let lead = 3

    /// A loader.
    ///
    /// - Parameters:
    ///   - source: The examples.
    ///   - batchSize: Examples in a batch.
    ///   - order: Shuffles each epoch; in their own order when absent.
    /// - Throws: `DatasetsError.tooFewExamples` when the source is empty, `.batchTooLarge` when it cannot fill a shuffled
    ///   batch.
    /// - Precondition: `batchSize` is positive.
    public init(_ source: any DataSource, batchSize: Int, shuffledBy order: Generator? = nil) throws {
        precondition(batchSize > 0, "a batch of \(batchSize) examples")
        guard source.count > 0 else {
            throw DatasetsError.tooFewExamples(set: source.name, count: 0, wanted: "at least one")
        }
        // Only a shuffled loader trains, and there a batch that cannot be filled is a mistaken setting.
        guard order == nil || batchSize <= source.count else {
            throw DatasetsError.batchTooLarge(set: source.name, count: source.count, batchSize: batchSize)
        }
        self.source = source
        self.batchSize = batchSize
        self.order = order
    }

    /// Batches in an epoch.
    public var batchCount: Int { (source.count + batchSize - 1) / batchSize }

    /// The places of an epoch's batches.
    public func plan(epoch: Int) -> [[Int]] {
        let indices =
            if var generator = order?.child(UInt64(epoch)) {
                generator.permutation(of: source.count)
            } else { Array(0..<source.count) }
        return stride(from: 0, to: indices.count, by: batchSize).map {
            Array(indices[$0..<min($0 + batchSize, indices.count)])
        }
    }

    /// The batches of an epoch from number `start` on, read ahead of their use.
    ///
    /// A failure to read is an element of its own, after which the sequence ends.
    public func batches(epoch: Int = 0, startingAt start: Int = 0) -> some Sequence<Result<Batch, any Error>>
    {
        let source = source
        let plan = Array(plan(epoch: epoch).dropFirst(start))
        return ReadAhead(count: plan.count, lead: Self.lead) { place in
            try source.batch(at: plan[place])
        }
    }
}
