import CommandLineKit
import VAE

/// `vae reconstruct`: what a model keeps of examples.
enum ReconstructCommand {
    private static let count = Option(
        "count", short: "n", .integer(in: 1...100_000), default: 36, help: "How many.")
    private static let out = Options.out(
        default: "figures/reconstruct.png in the run, or reconstruct.csv for a table")

    static let command = Command(
        "reconstruct", summary: "Shows examples with what the model keeps of them.",
        discussion: """
            Encodes examples, takes the mean of q(z | x) and decodes it. In the picture every example stands above its \
            reconstruction. A model of a table writes the reconstructed rows; so does --out with .csv or .npy.
            """,
        examples: [
            Example("vae reconstruct runs/digits", "36 test digits and their reconstructions."),
            Example(
                "vae reconstruct runs/digits --split training --seed 1", "Training digits, chosen at random."),
            Example("vae reconstruct runs/faces --data holiday/ -o holiday.png", "Pictures of one's own."),
        ],
        positionals: [Options.run],
        options: [
            OptionGroup("Examples", [count, Options.exampleSeed, Options.checkpoint]), Options.dataGroup,
            OptionGroup("Output", [out, Options.columns, Options.scale]), Options.machineGroup,
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        let input = try RunInput(arguments)
        let output = try ExampleOutput(
            arguments[out], name: "reconstruct", for: input.trained, scale: arguments[Options.scale])
        let originals = try input.examples(arguments[count], seed: arguments[Options.exampleSeed])
        let reconstructions = input.trained.reconstruct(originals)
        try output.write(
            reconstructions, besides: originals.examples, columns: arguments[Options.columns] ?? 12)
    }
}
