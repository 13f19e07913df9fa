import CommandLineKit
import Foundation
import VAE

/// What a run is to be: its configuration, its data, and the run whose weights it begins with.
struct TrainingPlan {
    var configuration: RunConfiguration
    var splits: DataSplits
    var start: TrainedModel?

    /// A plan from the command line: defaults, then the preset of the data, then a file, then options.
    init(_ arguments: Arguments) throws {
        let given = TrainCommand.settings.given(arguments)
        let file = arguments[TrainCommand.config]
        let choices = try Self.choices(arguments)
        do {
            self =
                if let run = arguments[TrainCommand.from] {
                    try Self.further(from: run, choices, given, arguments)
                } else if case .text(let run)? = choices["from"] {
                    try Self.further(from: run, choices, given, arguments)
                } else {
                    try Self.new(choices, given, arguments)
                }
        } catch let error as SettingsError {
            throw TrainCommand.settings.failure(error, given: given, file: file)
        }
    }

    private init(_ configuration: RunConfiguration, _ splits: DataSplits, _ start: TrainedModel? = nil) {
        self.configuration = configuration
        self.splits = splits
        self.start = start
    }

    /// What a file or a recipe chooses.
    private static func choices(_ arguments: Arguments) throws -> JSONValue {
        let file = arguments[TrainCommand.config]
        guard let name = arguments[TrainCommand.recipe] else {
            return try file.map(choices(in:)) ?? .object([:])
        }
        if file != nil { throw UsageError("'--config' and '--recipe' exclude each other") }
        let recipe = try RecipesCommand.found(name)
        if let start = recipe.from, arguments[TrainCommand.from] == nil {
            throw UsageError(
                "the recipe '\(name)' goes on from a run of '\(start)': make it with "
                    + "'vae train --recipe \(start) --out \(start)', then give '--from \(start)'")
        }
        return recipe.configuration
    }

    /// The settings in a file, which may hold a few of them.
    private static func choices(in path: String) throws -> JSONValue {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Failure("\(path): cannot be read; give a config.json", exitCode: .noInput)
        }
        do {
            let choices = try JSONValue(parsing: data)
            guard case .object = choices else {
                throw Failure("\(path): not an object of settings, as config.json is", exitCode: .config)
            }
            try RunConfiguration.checkVersion(of: choices)
            if case .text(let run)? = choices["refitted"] {
                throw Failure(
                    "\(path): of a run whose prior was fitted to \(run); repeat it with 'vae refit'",
                    exitCode: .config)
            }
            return choices
        } catch let error as SettingsError {
            throw Failure("\(path): \(error)", exitCode: .config)
        }
    }

    private static func new(
        _ file: JSONValue, _ given: [String: String], _ arguments: Arguments
    ) throws -> TrainingPlan {
        let settings = TrainCommand.settings
        let ofData = given.filter { settings.table[$0.key]?.isIn("data") == true }
        let merged = try file.merging(settings.overrides(ofData, on: file))
        let choice = try SettingsError.within("data") { try DataChoice(merged["data"] ?? .object([:])) }
        // Contradictory options are refused before data are fetched.
        if let preset = Preset.named[choice.source] {
            _ = try settings.overrides(given, on: preset.merging(file))
        }
        let splits = try arguments.withDataLibrary(isQuiet: arguments[Options.quiet]) {
            try $0.open(choice.source, choice.reading)
        }
        let base = Preset.json(for: choice.source, DataTraits(splits)).merging(file)
        let choices = try file.merging(settings.overrides(given, on: base))
        let configuration = try RunConfiguration(choices, on: splits)
        if configuration.model.classes == 0, given["condition"] != nil {
            throw UsageError("'--condition' is for data with classes; \(splits.training.name) has none")
        }
        return TrainingPlan(
            configuration, try configuration.data.settle(splits, seed: configuration.seed))
    }

    /// A run that goes on from another's weights in its own way.
    private static func further(
        from run: String, _ file: JSONValue, _ given: [String: String], _ arguments: Arguments
    ) throws -> TrainingPlan {
        let settings = TrainCommand.settings
        // The seed has chosen which examples are for validation.
        if let entry = settings.table.entries.first(where: { given[$0.name] != nil && !$0.isIn("training") })
        {
            throw UsageError(
                "'--\(entry.name)' cannot change with '--from': data, model and seed are those of \(run)")
        }
        let start = try RunInput.open(run, checkpoint: .best)
        var configuration = start.configuration
        try checkAgreement(of: file, with: configuration, from: run)
        let splits = try arguments.withDataLibrary(isQuiet: arguments[Options.quiet]) {
            try start.openData(in: $0, needing: ["training", "validation"])
        }
        let preset = Preset.json(for: configuration.data.source, DataTraits(splits))
        let base = JSONValue.object(["training": preset["training"] ?? .object([:])])
            .merging(.object(["training": file["training"] ?? .object([:])]))
        let training = base.merging(try settings.overrides(given, on: base))["training"]
        configuration.training = try SettingsError.within("training") {
            try TrainingSettings(training ?? .object([:]))
        }
        try configuration.validate()
        return TrainingPlan(configuration, splits, start)
    }
}

extension TrainingPlan {
    /// Checks that a file or a recipe does not choose data, model or seed other than those of the run to begin from.
    private static func checkAgreement(
        of file: JSONValue, with configuration: RunConfiguration, from run: String
    ) throws {
        let own = configuration.json
        var chosen = file.members
        for key in ["training", "from", "startsAtMean", "version"] { chosen[key] = nil }
        let merged = try RunConfiguration(own.merging(.object(chosen))).json.leaves
        let kept = own.leaves
        if let key = Set(merged.keys).union(kept.keys).sorted().first(where: { merged[$0] != kept[$0] }) {
            throw UsageError(
                "\(key) cannot be \(merged[key]?.description ?? "absent") with '--from': data, model and seed are "
                    + "those of \(run)")
        }
    }
}

extension OptionTable.Entry {
    /// Whether all settings of the option are below a key.
    func isIn(_ key: String) -> Bool { places.allSatisfy { $0.steps.first?.key == key } }
}
