import CommandLineKit
import Foundation
import VAE

/// `vae decode`: examples of given codes.
enum DecodeCommand {
    private static let codes = Positional(
        required: "codes", .path,
        help: "A .npy or .csv file: a row of latents for each example, or what encode wrote.")
    private static let out = Options.out(default: "figures/decode.png in the run, or decode.csv for a table")

    static let command = Command(
        "decode", summary: "Makes examples from codes.",
        discussion: """
            Decodes each code to the mean of p(x | z). The codes are an array or a table with a row for each example and a \
            column for each latent; of what 'vae encode' wrote, the means are decoded. --out with .npy or .csv \
            writes the values of the examples instead of a picture.
            """,
        examples: [
            Example("vae decode runs/digits codes.csv", "The pictures, in runs/digits/figures/decode.png."),
            Example(
                "vae decode runs/digits runs/digits/codes.npy -o decoded.npy", "An array for another program."
            ),
        ],
        positionals: [Options.run, codes],
        options: [
            OptionGroup("Model", [Options.class, Options.checkpoint]),
            OptionGroup("Output", [out, Options.columns, Options.scale]), Options.machineGroup,
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        let input = try RunInput(arguments)
        let trained = input.trained
        let output = try ExampleOutput(
            arguments[out], name: "decode", for: trained, scale: arguments[Options.scale])
        let codes = try CodesFile.read(
            URL(filePath: arguments[codes]), latents: trained.traits.units)
        let count = codes.size(along: 0)
        let chosen = try input.chosenClass()
        if chosen == nil, trained.configuration.model.classes > 0 {
            throw UsageError("codes do not say their class; choose one with '--class'")
        }
        try output.write(
            trained.decode(codes, classes: chosen.map { [Int](repeating: $0, count: count) }),
            columns: arguments[Options.columns] ?? squareSide(of: count))
    }
}
