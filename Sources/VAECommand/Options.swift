import CommandLineKit
import Foundation
import VAE

/// Options that several commands take.
enum Options {
    static let run = Positional(required: "run", .path, help: "A run folder, as 'vae train' leaves it.")
    /// The same label, for commands that also take a model in a file.
    static let model = Positional(
        required: "run", .path, help: "A run folder, as 'vae train' leaves it, or a file of 'vae fit'.")
    static let checkpoint = Option(
        "checkpoint", .checkpoint, default: .best,
        help: "Which weights: those with the best validation bound, the last ones, or those of a kept epoch.")

    static let data = Option(
        "data", .path, placeholder: "set",
        help: "A named set or a path, in place of the data that the run was trained on.")
    static let dataDirectory = Option(
        "data-dir", .path,
        help: "Where named sets are sought first. Without it, the folder that VAE_DATA_DIR names.")
    static let split = Option(
        "split", .choice(of: ["training", "validation", "test"]),
        help: "Which part of the data. Without it, test, or what comes nearest to it.")

    static let `class` = Option(
        "class", .integer(in: 0...65_535), placeholder: "c",
        help:
            "Which class to make, of a model trained with --condition. Without it, each in turn, or the first."
    )

    static let columns = Option("columns", .integer(in: 1...1000), help: "Pictures in a row.")
    static let scale = Option(
        "scale", .integer(in: 1...64), default: 1, help: "How many times each picture is enlarged.")

    static let seed = Option(
        "seed", .integer(in: 0...), default: 0,
        help: "Seed of all random draws: the same seed, the same result.")
    static let exampleSeed = Option(
        "seed", .integer(in: 0...), help: "Chooses examples at random. Without it, the first ones are taken.")
    static let threads = Option(
        "threads", .integer(in: 1...1024), help: "Processor threads. Without it, one for each core.")
    /// A run that repeats another's numbers may need more threads than there are processors, but not many more.
    static let threadsPerProcessor = 16
    static let quiet = Option.flag("quiet", short: "q", help: "No progress, results only.")
    static let json = Option.flag("json", help: "Results as JSON on standard output.")

    /// Where a picture or table goes.
    static func out(default place: String) -> Option<String?> {
        Option("out", short: "o", .path, help: "File to write: .png, .npy or .csv. Without it, \(place).")
    }

    /// Options of commands that look at examples.
    static let dataGroup = OptionGroup("Data", [data, dataDirectory, split])
    /// Options of every command that uses a model.
    static let machineGroup = OptionGroup("Machine", [threads])
}

extension Arguments {
    /// The folder that the user named to seek sets in first.
    var dataDirectory: URL? { self[Options.dataDirectory].map { URL(filePath: $0) } }

    /// Opens data in `body`, showing what is downloaded.
    func withDataLibrary<Result>(isQuiet: Bool, _ body: (DataLibrary) throws -> Result) throws -> Result {
        let display = DownloadDisplay(isQuiet: isQuiet)
        defer { display.finish() }
        return try body(DataLibrary(directory: dataDirectory, observer: display.observer))
    }

    /// Makes LibTorch use the threads that were asked for, or else so many; to be called before its first operation.
    ///
    /// - Throws: `UsageError` for many more threads than this machine has processors, which would wait for one another.
    func prepareMachine(threads: Int? = nil) throws {
        Engine.flushDenormals()
        guard let threads = self[Options.threads] ?? threads else { return }
        let limit = Engine.processorCount * Options.threadsPerProcessor
        guard threads <= limit else {
            throw UsageError(
                "'--threads' is \(threads); allowed: at most \(limit), \(Options.threadsPerProcessor) for each of this "
                    + "machine's \(Engine.processorCount) processors")
        }
        Engine.threadCount = threads
    }
}

extension ValueKind where Value == CheckpointName {
    fileprivate static var checkpoint: ValueKind {
        ValueKind(
            placeholder: "name", expectation: "best, latest or epoch-N", hint: "best, latest, epoch-N",
            choices: CheckpointName.standing.map(\.rawValue), format: \.rawValue,
            parse: { CheckpointName(rawValue: $0) })
    }
}
