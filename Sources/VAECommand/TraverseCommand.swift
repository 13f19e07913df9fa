import CommandLineKit
import VAE

/// `vae traverse`: what each latent unit does.
enum TraverseCommand {
    private static let units = Option(
        "units", .list(of: .integer(in: 0...65_535)), placeholder: "i,…",
        help: "Which units, counted from 0. Without it, those that say most first.")
    private static let rows = Option(
        "rows", .integer(in: 1...1000), default: 10, help: "How many units at most, one a row.")
    private static let columns = Option(
        "columns", .integer(in: 2...1000), default: 11, help: "Steps along a unit.")
    private static let range = Option(
        "range", .double(in: 1e-6...1e6), default: 3, help: "Each unit moves from −range to range.")
    private static let example = Option(
        "example", .integer(in: 0...), default: 0, placeholder: "i",
        help: "Which example's code is moved, counted from 0.")
    private static let out = Options.out(
        default: "figures/traverse.png in the run, or traverse.csv for a table")

    static let command = Command(
        "traverse", summary: "Shows what each latent unit does.",
        discussion: """
            Takes the code of one example and moves one unit at a time, the others kept, a row for each unit. The \
            units that say most about the data, by their rate, come first; a row in which nothing changes is a unit \
            that the model does not use.
            """,
        examples: [
            Example("vae traverse runs/digits", "The ten units that say most."),
            Example(
                "vae traverse runs/digits --example 5 --units 3,17 --range 4", "Two units of the sixth digit."
            ),
        ],
        positionals: [Options.run],
        options: [
            OptionGroup("Codes", [example, units, range, rows, columns, Options.checkpoint]),
            Options.dataGroup,
            OptionGroup("Output", [out, Options.scale]), Options.machineGroup,
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        let input = try RunInput(arguments)
        let output = try ExampleOutput(
            arguments[out], name: "traverse", for: input.trained, scale: arguments[Options.scale])
        let (name, source) = try input.split()
        guard arguments[example] < source.count else {
            throw UsageError(
                "invalid value '\(arguments[example])' for '--example'; the \(name) split of \(source.name) has "
                    + "\(source.count) examples")
        }
        let start = try input.examples(of: source, at: [arguments[example]])
        let code = input.trained.encode(start).centers
        let units = try chosenUnits(arguments[units], of: input.trained) {
            try input.unitsByUse(in: source)
        }.prefix(arguments[rows])
        let ways = input.trained.traversals(
            of: code.selected(0, along: 0), class: start.classes?[0], units: Array(units),
            range: arguments[range], steps: arguments[columns])
        Terminal.output.line("units, top to bottom: " + units.map(String.init).joined(separator: ", "))
        try output.write(Tensor.concatenated(ways, along: 0), columns: arguments[columns])
    }
}

/// The latent units that the user names, or others where none are named.
func chosenUnits(_ given: [Int]?, of trained: TrainedModel, otherwise units: () throws -> [Int]) throws
    -> [Int]
{
    guard let given, !given.isEmpty else { return try units() }
    let latents = trained.traits.units
    if let unit = given.first(where: { $0 >= latents }) {
        throw UsageError("invalid value '\(unit)' for '--units'; the model has units 0 to \(latents - 1)")
    }
    return given
}
