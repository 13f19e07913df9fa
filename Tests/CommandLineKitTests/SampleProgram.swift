import CommandLineKit
import Synchronization

/// A small program with every kind of parameter.
enum Sample {
    enum Likelihood: String, CaseIterable, Sendable {
        case bernoulli, gaussian, categorical
    }

    static let run = Positional("run", .path, help: "Folder to write; named by date and time if left out.")
    static let data = Option(required: "data", .string, placeholder: "set", help: "A set's name or a path.")
    static let epochs = Option("epochs", .integer(in: 1...), default: 10, help: "Passes over the data.")
    static let seed = Option("seed", .integer(in: 0...), help: "Seed of all random draws.")
    static let rate = Option(
        "learning-rate", .double(in: .above(0)), default: 1e-3, help: "Adam's step size.")
    static let dropout = Option("dropout", .double(in: 0..<1), default: 0, help: "Fraction of units dropped.")
    static let shift = Option("shift", .double(), default: 0, help: "Added to the data.")
    static let likelihood = Option(
        "likelihood", .choice(Likelihood.self), default: .bernoulli, help: "Distribution of a pixel.")
    static let hidden = Option(
        "hidden", .list(of: .integer(in: 1...4096)), default: [400, 200],
        help: "Widths of the hidden layers, the one next to the data first.")
    static let quiet = Option.flag("quiet", short: "q", help: "Print results only.")
    static let augment = Option.flag("augment", default: true, help: "Flip images at random.")
    static let output = Option("output", short: "o", .path, help: "Where to write.")

    static let pictures = Positional(repeated: "picture", .path, help: "PNG files.")
    static let checkpoint = Positional(required: "run", .path, help: "A run folder.")

    static func program(
        train: @escaping @Sendable (Arguments) throws -> Void = { _ in }
    ) -> Command {
        Command(
            "vae", summary: "Trains and uses variational autoencoders.",
            subcommands: [
                Command(
                    "train", summary: "Trains a model and leaves a run folder.",
                    discussion: "Everything that is needed to repeat the run is kept in the folder.",
                    examples: [Example("vae train --data mnist runs/digits", "Digits, with the defaults.")],
                    positionals: [run],
                    options: [
                        OptionGroup("Data", [data, shift, augment]),
                        OptionGroup("Model", [likelihood, hidden, dropout]),
                        OptionGroup("Training", [epochs, rate, seed, quiet, output]),
                    ],
                    run: train),
                Command(
                    "sample", summary: "Draws images from a model.", positionals: [checkpoint],
                    run: { _ in }),
            ])
    }

    /// What a `train` command line gives, which must parse.
    static func arguments(_ words: [String]) throws -> Arguments {
        var parser = CommandLineParser(program())
        guard case .run(_, let arguments) = try parser.parse(["train", "--data", "mnist"] + words) else {
            throw UsageError("asked for help")
        }
        return arguments
    }

    /// What the user is told about a command line, which must not parse.
    static func complaint(_ words: [String]) -> String? {
        var parser = CommandLineParser(program())
        do {
            _ = try parser.parse(words)
            return nil
        } catch {
            return error.message
        }
    }
}

/// Keeps what is written to a terminal.
final class Capture: Sendable {
    private let written = Mutex("")

    var text: String {
        written.withLock { $0 }
    }

    func terminal(
        isInteractive: Bool = true, usesColor: Bool = false, usesUnicode: Bool = true, columns: Int = 80
    ) -> Terminal {
        Terminal(
            isInteractive: isInteractive, usesColor: usesColor, usesUnicode: usesUnicode,
            columns: { columns }, write: { text in self.written.withLock { $0 += text } })
    }
}
