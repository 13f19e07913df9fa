import CommandLineKit
import VAE

/// `vae interpolate`: the way from one example to another.
enum InterpolateCommand {
    private static let rows = Option(
        "rows", .integer(in: 1...1000), default: 6, help: "Pairs of examples, one a row.")
    private static let columns = Option(
        "columns", .integer(in: 2...1000), default: 11, help: "Steps on the way, both ends included.")
    private static let out = Options.out(default: "figures/interpolate.png in the run, or interpolate.csv")

    static let command = Command(
        "interpolate", summary: "Shows the way from one example to another.",
        discussion: """
            Encodes pairs of examples and decodes the straight line between their codes, a row for each pair. Where the \
            model has understood the data, every step looks like an example too. A model of classes keeps that of the \
            first example all the way.
            """,
        examples: [
            Example("vae interpolate runs/digits", "Six pairs of test digits in eleven steps."),
            Example("vae interpolate runs/digits --seed 3 --rows 10 --scale 2", "Ten other pairs, enlarged."),
        ],
        positionals: [Options.run],
        options: [
            OptionGroup("Examples", [rows, columns, Options.exampleSeed, Options.checkpoint]),
            Options.dataGroup,
            OptionGroup("Output", [out, Options.scale]), Options.machineGroup,
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        let input = try RunInput(arguments)
        let output = try ExampleOutput(
            arguments[out], name: "interpolate", for: input.trained, scale: arguments[Options.scale])
        let examples = try input.examples(2 * arguments[rows], seed: arguments[Options.exampleSeed])
        let codes = input.trained.encode(examples).centers
        let pairs = codes.size(along: 0) / 2
        guard pairs > 0 else {
            throw Failure(
                "the split has one example, and a way needs two; choose another --split", exitCode: .dataError
            )
        }
        let ways = (0..<pairs).map { pair in
            input.trained.interpolation(
                from: codes.selected(2 * pair, along: 0), to: codes.selected(2 * pair + 1, along: 0),
                class: examples.classes?[2 * pair], steps: arguments[columns])
        }
        try output.write(Tensor.concatenated(ways, along: 0), columns: arguments[columns])
    }
}
