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
                "vae train --from runs/plane --objective iwae --samples 50",
                "On from there by a tighter bound."),
        ],
        options: groups, hints: hints, run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        let threads = try arguments[recipe].flatMap { try RecipesCommand.found($0).threads }
        try arguments.prepareMachine(threads: threads)
        guard let folder = arguments[resume] else { return try train(begun(arguments), arguments) }
        let run = URL(filePath: folder)
        do {
            try train(resumed(run, arguments), arguments)
        } catch let error as TrainingError {
            // What a killed process did not come to is made up for.
            switch error {
            case .allEpochsDone, .stoppedEarly: guard try complete(run, arguments) else { throw error }
            default: throw error
            }
        }
    }

    /// Writes the report of a run whose training ended, where that is missing or of an earlier checkpoint.
    ///
    /// - Returns: Whether it was written.
    private static func complete(_ folder: URL, _ arguments: Arguments) throws -> Bool {
        let trained = try TrainedModel(opening: folder)
        if try Report.isCurrent(of: trained.run) { return false }
        let splits = try arguments.withDataLibrary(isQuiet: arguments[Options.quiet]) {
            try trained.openData(in: $0)
        }
        try Report(trained, data: splits).write()
        Terminal.output.line("report: \(trained.run.reportURL.relativePath)")
        return true
    }

    /// Shows what is about to be learnt, trains, and says what came of it.
    static func train(_ session: TrainingSession, _ arguments: Arguments) throws {
        let isQuiet = arguments[Options.quiet]
        if !isQuiet { Terminal.error.lines(introduction(session)) }
        // From here on there is something to save.
        Interruption.watch()
        let display = TrainingDisplay(session, isQuiet: isQuiet)
        let outcome = try session.train(
            observer: display.observer, shouldStop: { Interruption.signal != nil })
        display.finish()
        if outcome != .interrupted {
            try Report(TrainedModel(opening: session.run.url), data: session.splits).write()
        }
        let summary = try TrainingSummary(session, outcome)
        if arguments[Options.json] { Terminal.output.text(try jsonText(summary)) }
        if let signal = Interruption.signal, outcome == .interrupted {
            Terminal.error.line(
                "stopped and saved after step \(summary.steps); go on with: vae train --resume \(summary.run)"
            )
            throw ExitCode.signal(signal)
        }
        if !arguments[Options.json] { Terminal.output.lines(summary.lines) }
    }

    private static func begun(_ arguments: Arguments) throws -> TrainingSession {
        let plan = try TrainingPlan(arguments)
        let kind = plan.start == nil ? plan.configuration.model.runName : "further"
        let folder =
            arguments[out].map { URL(filePath: $0) }
            ?? freeRunFolder(data: plan.configuration.data.name, kind: kind)
        do {
            return try TrainingSession(
                plan.configuration, data: plan.splits, in: folder, from: plan.start)
        } catch let error as SettingsError {
            throw settings.failure(error, given: settings.given(arguments), file: arguments[config])
        }
    }

    private static func resumed(_ folder: URL, _ arguments: Arguments) throws -> TrainingSession {
        let given = settings.given(arguments)
        let others = [out, from, config, recipe] as [any CommandLineKit.Parameter]
        let names =
            settings.names.filter { given[$0] != nil && !["epochs", "data"].contains($0) }.map { "--" + $0 }
            + others.filter { arguments.isGiven($0) }.map(\.declaration.label)
        if let name = names.first {
            throw UsageError(
                "'\(name)' cannot change when a run is resumed; its config.json has settled it (--epochs may grow)"
            )
        }
        let epochs = given["epochs"].flatMap { Int($0) }
        return try naming(RunFolder(opening: folder).configurationURL) {
            try arguments.withDataLibrary(isQuiet: arguments[Options.quiet]) { library in
                try TrainingSession(resuming: folder, data: library) { configuration in
                    if let epochs { configuration.training.epochs = epochs }
                    if let data = given["data"] { configuration.data.source = data }
                }
            }
        }
    }

    /// What is about to be learnt, by what, and where it goes.
    private static func introduction(_ session: TrainingSession) -> [String] {
        let configuration = session.configuration
        let splits = session.splits
        let counts = [
            "\(splits.training.count) for training", splits.validation.map { "\($0.count) for validation" },
            splits.test.map { "\($0.count) for test" },
        ].compactMap { $0 }.joined(separator: ", ")
        let lines = [
            "data: \(configuration.data.name), examples of \(sizeText(splits.training.exampleShape)), "
                + "\(configuration.inputSummary); \(counts)",
            "model: \(configuration.model.summary)",
            "run: \(session.run.url.relativePath)",
        ]
        return lines + ([session.kindNote].compactMap { $0 } + splits.notes).map { "note: \($0)" }
    }
}
