import Datasets
import Formats
import Foundation
import Tensors

/// Which data a run learns, and what its model sees of them.
public struct DataChoice: Sendable {
    /// A named set or a path.
    public var source: String
    /// How files are read.
    public var reading: ReadingOptions
    /// How many training examples are set aside for validation, where the set has no such split of its own.
    public var validationCount: Int
    /// What the model sees.
    public var preprocessing: Preprocessing

    /// A choice.
    public init(
        _ source: String, imageSize: Int = 0, channels: Int = 0, validationCount: Int = 0,
        preprocessing: Preprocessing = .grey
    ) {
        self.source = source
        reading = ReadingOptions(imageSize: imageSize, channels: channels)
        self.validationCount = validationCount
        self.preprocessing = preprocessing
    }

    /// What to call the set: its name, or the last part of its path.
    public var name: String { URL(fileURLWithPath: source).lastPathComponent }
}

extension DataChoice {
    /// Finds, or fetches, and opens the data.
    ///
    /// - Parameters:
    ///   - library: Where data come from; `VAE_DATA_DIR`, the cache and the network when absent.
    ///   - seed: Chooses the examples that are set aside.
    /// - Returns: The splits, with a validation split when one was asked for.
    /// - Throws: `DatasetsError` or `FormatError` naming the file at fault.
    public func open(in library: DataLibrary? = nil, seed: UInt64 = 0) throws -> DataSplits {
        let library = try library ?? DataLibrary()
        return try settle(library.open(source, reading), seed: seed)
    }

    /// Opens the data of a run again and divides them as the run does.
    ///
    /// - Parameters:
    ///   - record: What the run's splits held; `nil` where it has none, and the seed alone chooses.
    ///   - needed: Splits that have to be whole; the one that is shown by default when absent.
    ///   - library: As `open(in:seed:)`.
    ///   - seed: As `open(in:seed:)`.
    /// - Returns: The splits, with notes on what differs.
    /// - Throws: As `open(in:seed:)`; `DatasetsError.changed`.
    func reopen(
        as record: DataRecord?, needing needed: Set<String>? = nil, in library: DataLibrary?, seed: UInt64
    ) throws -> DataSplits {
        guard let record else { return try open(in: library, seed: seed) }
        var reading = reading
        reading.keepsConstants = true
        let opened = try (library ?? DataLibrary()).open(source, reading)
        // Data that are as they were divide as they did: equal examples keep their places, which key their noise.
        if let settled = try? settle(opened, seed: seed), try DataRecord(settled) == record { return settled }
        return try record.divide(opened, needing: needed ?? [record.heldOut])
    }

    /// The same choice with whole paths, so that files are found from every folder, and with the names of the columns
    /// that are learned.
    ///
    /// - Throws: `FormatError.file` where it cannot be found out whether there is a file.
    func settled(on splits: DataSplits) throws -> DataChoice {
        func whole(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
        var choice = self
        if NamedSet.named(source) == nil, try FolderEntry.kind(of: URL(fileURLWithPath: source)) != nil {
            choice.source = whole(source)
        }
        choice.reading.labels = reading.labels.map(whole)
        choice.reading.test = reading.test.map(whole)
        if let names = splits.training.columnNames {
            // The one that gives the classes follows those that are learned.
            choice.reading.columns =
                names + [(splits.undivided as? InMemorySource)?.classColumn].compactMap { $0 }
        }
        return choice
    }

    /// The choice of other data, which are read and treated alike and were never split for the run.
    ///
    /// - Parameter source: A name or a path.
    /// - Returns: The choice.
    public func ofOther(_ source: String) -> DataChoice {
        var choice = self
        choice.source = source
        choice.validationCount = 0
        choice.reading = reading.applying(to: source)
        return choice
    }

    /// The splits of a set already opened, as `open(in:seed:)` gives them.
    ///
    /// - Throws: `DatasetsError` when the choice does not suit the set.
    public func settle(_ splits: DataSplits, seed: UInt64 = 0) throws -> DataSplits {
        guard preprocessing.accepts(splits.training.elementKind) else {
            throw DatasetsError.cannotTreat(
                set: source, kind: splits.training.elementKind, preprocessing: preprocessing)
        }
        return try splits.settingAside(
            validationCount, using: Generator(seed: seed).child(named: "validation split"))
    }
}
