import Tensors

/// The parts of a set: to learn from, to choose by, and to report on.
public struct DataSplits: Sendable {
    /// To learn from.
    public let training: any DataSource
    /// To choose checkpoints and settings by.
    public let validation: (any DataSource)?
    /// To report on, once.
    public let test: (any DataSource)?
    /// Lines that a person should read before training: what is odd about the data, though it can be used.
    public let notes: [String]
    /// The training split as the set has it, before examples were set aside.
    public let undivided: any DataSource
    /// Every combination of the factors that all examples are drawn from, where those are known.
    public let grid: FactorGrid?

    /// Parts that are given.
    public init(
        training: any DataSource, validation: (any DataSource)? = nil, test: (any DataSource)? = nil,
        notes: [String] = [], grid: FactorGrid? = nil, undivided: (any DataSource)? = nil
    ) {
        self.notes = notes
        self.grid = grid
        self.training = training
        self.undivided = undivided ?? training
        self.validation = validation
        self.test = test
    }

    /// Reads once every image that is not in memory, so that one which cannot be read is found before training.
    ///
    /// - Throws: Errors of reading.
    public func checkImages() throws {
        for case let folder as ImageFolderSource in [undivided, validation, test] { try folder.check() }
    }

    /// What to show a finished model: the test split, or what comes nearest to unseen data.
    public var heldOut: (name: String, source: any DataSource) {
        if let test { return ("test", test) }
        if let validation { return ("validation", validation) }
        return ("training", training)
    }

    /// The split of a name.
    ///
    /// - Throws: `DatasetsError.noSplit` when the set has none of that name.
    public func split(named name: String) throws -> any DataSource {
        let known: [(String, (any DataSource)?)] = [
            ("training", training), ("validation", validation), ("test", test),
        ]
        guard let source = known.first(where: { $0.0 == name })?.1 else {
            throw DatasetsError.noSplit(
                set: training.name, name: name, known: known.filter { $0.1 != nil }.map(\.0))
        }
        return source
    }

    /// Sets `count` examples of the training split aside for validation, chosen by the generator.
    ///
    /// Nothing changes when the set has a validation split of its own, or when `count` is 0.
    ///
    /// - Throws: `DatasetsError.tooFewExamples` when nothing would be left to learn from.
    public func settingAside(_ count: Int, using generator: Generator) throws -> DataSplits {
        guard validation == nil, count > 0 else { return self }
        guard count < training.count else {
            throw DatasetsError.tooFewExamples(
                set: training.name, count: training.count,
                wanted: "\(count) for validation and some to learn from")
        }
        var generator = generator
        let order = generator.permutation(of: training.count)
        return DataSplits(
            training: SubsetSource(training, at: order.dropLast(count).sorted()),
            validation: SubsetSource(training, at: order.suffix(count).sorted()), test: test,
            notes: notes, grid: grid, undivided: training)
    }
}
