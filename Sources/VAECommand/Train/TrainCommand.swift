import CommandLineKit
import Foundation
import VAE

/// `vae train`: learns a model and leaves a run folder.
enum TrainCommand {
    static let command = Command(
        "train", summary: "Learns a model and leaves a run folder.",
        discussion: """
            Learns encoder q(z | x) and decoder p(x | z) by maximising the ELBO = −(distortion + rate). What is not \
            given is chosen to suit the data; the run's config.json holds every choice. The folder keeps the best and \
            the last weights, the metrics of each epoch, pictures, and a report to open in a browser.

            Ctrl-C finishes the step and saves; 'vae train --resume RUN' goes on as if nothing had happened.
            """,
        examples: [
            Example("vae train", "The built-in sprites, in about a minute."),
            Example(
                "vae train --data mnist --latents 2 --epochs 20 --out runs/plane", "Digits on a plane."),
            Example(
                "vae train --data photos/ --image-size 64 --network conv --channels 32,32,64,64",
                "A folder of images, each brought to 64×64 pixels."),
            Example(
                "vae train --data cifar10 --model realnvp --epochs 40", "A normalising flow of photographs."),
            Example("vae train --resume runs/plane --epochs 40", "Twenty epochs more."),
            Example(
                "vae train --from runs/plane --objective iwae --samples 50",
                "On from there by a tighter bound."),
        ],
        options: groups, run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        arguments.prepareMachine()
        let session =
            if let folder = arguments[resume] {
                try resumed(URL(filePath: folder), arguments)
            } else {
                try begun(arguments)
            }
        try train(session, arguments)
    }

    /// Shows what is about to be learnt, trains, and says what came of it.
    static func train(_ session: TrainingSession, _ arguments: Arguments) throws {
        let isQuiet = arguments[Options.quiet]
        if !isQuiet { Terminal.error.write(introduction(session)) }
        // From here on there is something to save.
        Interruption.watch()
        let display = TrainingDisplay(session, isQuiet: isQuiet)
        let outcome = try session.train(
            observer: display.observer, shouldStop: { Interruption.signal != nil })
        display.finish()
        if outcome != .interrupted {
            try Report(TrainedModel(opening: session.run.url), data: session.splits).write()
        }
        let summary = TrainingSummary(session, outcome)
        if arguments[Options.json] { print(try jsonText(summary), terminator: "") }
        if let signal = Interruption.signal, outcome == .interrupted {
            Terminal.error.write(
                "stopped and saved after step \(summary.steps); go on with: vae train --resume \(summary.run)\n"
            )
            throw ExitCode.signal(signal)
        }
        if !arguments[Options.json] { print(summary.text, terminator: "") }
    }

    private static func begun(_ arguments: Arguments) throws -> TrainingSession {
        if let run = arguments[from] { return try begun(from: run, arguments) }
        let (configuration, splits) = try newRun(arguments)
        let network =
            arguments[network]
            ?? (Preset.named(configuration.data.source) ?? .suiting(splits.training)).network
        let kind = arguments[model] == .vae ? network.rawValue : arguments[model].rawValue
        return try TrainingSession(configuration, data: splits, in: folder(arguments, configuration, kind))
    }

    /// A run that goes on from another's weights in its own way.
    private static func begun(from run: String, _ arguments: Arguments) throws -> TrainingSession {
        // The seed has chosen which examples are for validation.
        let taken = dataAndModel + [Options.seed]
        if let option = taken.first(where: { arguments.isGiven($0) }) {
            throw UsageError(
                "'\(option.declaration.label)' cannot change with '--from': data, model and seed are those of \(run)"
            )
        }
        try checkObjectiveOptions(arguments)
        let start = try RunInput.open(run, checkpoint: .best)
        var configuration = start.configuration
        let splits = try arguments.withDataLibrary(isQuiet: arguments[Options.quiet]) {
            try configuration.data.open(in: $0, seed: configuration.seed)
        }
        let preset = Preset.named(configuration.data.source) ?? .suiting(splits.training)
        configuration.training = try trainingSettings(arguments, preset, splits)
        return try TrainingSession(
            configuration, data: splits, in: folder(arguments, configuration, "further"), from: start)
    }

    private static func folder(
        _ arguments: Arguments, _ configuration: RunConfiguration, _ kind: String
    ) -> URL {
        arguments[out].map { URL(filePath: $0) } ?? freeRunFolder(data: configuration.data.name, kind: kind)
    }

    private static func resumed(_ folder: URL, _ arguments: Arguments) throws -> TrainingSession {
        if let option = settled.first(where: { arguments.isGiven($0) }) {
            throw UsageError(
                "'\(option.declaration.label)' cannot change when a run is resumed; "
                    + "its config.json has settled it (--epochs may grow)")
        }
        return try naming(RunFolder(opening: folder).configurationURL) {
            try arguments.withDataLibrary(isQuiet: arguments[Options.quiet]) { library in
                try TrainingSession(resuming: folder, data: library) { configuration in
                    if let epochs = arguments[epochs] { configuration.training.epochs = epochs }
                }
            }
        }
    }

    /// What is about to be learnt, by what, and where it goes.
    private static func introduction(_ session: TrainingSession) -> String {
        let configuration = session.configuration
        let splits = session.splits
        let counts = [
            "\(splits.training.count) for training", splits.validation.map { "\($0.count) for validation" },
            splits.test.map { "\($0.count) for test" },
        ].compactMap { $0 }.joined(separator: ", ")
        var lines = [
            "data: \(configuration.data.name), examples of \(sizeText(splits.training.exampleShape)), "
                + "\(configuration.data.preprocessing.summary); \(counts)",
            "model: \(configuration.model.summary)",
            "run: \(session.run.url.relativePath)",
        ]
        if let reason = session.lossReason { lines.append("note: \(noteOfLoss(reason))") }
        lines += splits.notes.map { "note: \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }
}
