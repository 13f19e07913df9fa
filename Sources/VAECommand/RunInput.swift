import CommandLineKit
import Foundation
import VAE

/// The run that a command was given, and examples of its data.
struct RunInput {
    let trained: TrainedModel
    private let arguments: Arguments
    private let isQuiet: Bool

    /// Opens the run; unless it is to be quiet, downloads of its data are shown.
    init(_ arguments: Arguments, isQuiet: Bool = false) throws {
        self.arguments = arguments
        self.isQuiet = isQuiet
        try arguments.prepareMachine()
        trained = try Self.open(arguments[Options.run], checkpoint: arguments[Options.checkpoint])
    }

    /// Opens a run; where its configuration is at fault, the error names the file.
    static func open(_ path: String, checkpoint: CheckpointName) throws -> TrainedModel {
        let folder = URL(filePath: path)
        return try naming(RunFolder(opening: folder).configurationURL) {
            try TrainedModel(opening: folder, checkpoint: checkpoint)
        }
    }

    var preprocessing: Preprocessing { trained.configuration.data.preprocessing }

    /// The data that the run was trained on.
    ///
    /// - Parameter needed: Splits that have to be whole; the one that is shown by default when absent.
    /// - Returns: The splits; what has changed since is noted.
    /// - Throws: Errors of the data.
    func splits(needing needed: Set<String>? = nil) throws -> DataSplits {
        let splits = try arguments.withDataLibrary(isQuiet: isQuiet) {
            try trained.openData(in: $0, needing: needed)
        }
        if !isQuiet { Terminal.error.lines(splits.notes.map { "note: \($0)" }) }
        return splits
    }

    /// The data that the data options choose: other data, or those that the run was trained on.
    func chosenSplits() throws -> DataSplits {
        try arguments[Options.data].map(splits(of:))
            ?? splits(needing: arguments[Options.split].map { [$0] })
    }

    /// Other data than those that the run was trained on, treated alike.
    func splits(of data: String) throws -> DataSplits {
        let choice = trained.configuration.data.ofOther(data)
        return try arguments.withDataLibrary(isQuiet: isQuiet) {
            try choice.open(in: $0, seed: trained.configuration.seed)
        }
    }

    /// The examples that the data options choose, which must be of the model's kind.
    func split() throws -> (name: String, source: any DataSource) { try split(of: chosenSplits()) }

    /// The examples of some data that the split option chooses, which must be of the model's kind.
    func split(of splits: DataSplits) throws -> (name: String, source: any DataSource) {
        let chosen =
            try arguments[Options.split].map { ($0, try splits.split(named: $0)) } ?? splits.heldOut
        try trained.configuration.check(chosen.1)
        return chosen
    }

    /// Some examples of the chosen split as the model sees them.
    ///
    /// - Parameters:
    ///   - count: How many at most; fewer when the split is smaller.
    ///   - seed: Chooses them at random; the first ones when absent.
    /// - Returns: The examples, preprocessed.
    /// - Throws: Errors of the data.
    func examples(_ count: Int, seed: Int?) throws -> Batch {
        let source = try split().source
        var places = Array(0..<source.count)
        if let seed {
            var order = Generator(seed: UInt64(seed))
            places.shuffle(using: &order)
        }
        return try examples(of: source, at: Array(places.prefix(count)))
    }

    /// The examples at some indices of a source, as the model sees them.
    func examples(of source: any DataSource, at indices: [Int]) throws -> Batch {
        preprocessing.apply(
            to: try source.batch(at: indices), using: Generator(seed: trained.configuration.seed))
    }

    /// The class that the user chose for what is made without an example.
    ///
    /// - Throws: `UsageError` when the model has no such class.
    func chosenClass() throws -> Int? {
        let classes = trained.configuration.model.classes
        guard let chosen = arguments[Options.class] else { return nil }
        guard chosen < classes else {
            throw UsageError(
                classes == 0
                    ? "'--class' is for a model that was trained with --condition"
                    : "invalid value '\(chosen)' for '--class'; the model has classes 0 to \(classes - 1)")
        }
        return chosen
    }
}

/// A shape as people write it, `3×32×32`.
func sizeText(_ shape: [Int]) -> String {
    shape.map(String.init).joined(separator: "×")
}
