import CommandLineKit
import VAE

/// `vae manifold`: the plane of two latent units.
enum ManifoldCommand {
    private static let side = Option(
        "side", .integer(in: 2...200), default: 20, help: "Pictures in a row and in a column.")
    private static let units = Option(
        "units", .list(of: .integer(in: 0...65_535)), placeholder: "i,j",
        help: "The two units, right and up. Without it, the two that say most.")
    private static let out = Options.out(
        default: "figures/manifold.png in the run, or manifold.csv for a table")

    static let command = Command(
        "manifold", summary: "Shows the plane of two latent units.",
        discussion: """
            Decodes a square of codes at equal steps of the prior's probability. With two latents this is all that the \
            model can generate; with more, it is the plane of the two units that say most about the data, the others at \
            the prior's center.
            """,
        examples: [
            Example("vae train --data mnist --latents 2 --out runs/plane", "A model with two latents…"),
            Example("vae manifold runs/plane", "…and its map."),
            Example(
                "vae manifold runs/digits --units 3,17 --side 12 --scale 2", "A plane of one's own choice."),
        ],
        positionals: [Options.run],
        options: [
            OptionGroup("Codes", [units, side, Options.class, Options.checkpoint]), Options.dataGroup,
            OptionGroup("Output", [out, Options.scale]), Options.machineGroup,
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) throws {
        let input = try RunInput(arguments)
        let latents = input.trained.traits.units
        guard latents >= 2 else {
            throw UsageError(
                "the model in \(arguments[Options.run]) has one latent, and a plane needs two; use 'vae traverse'"
            )
        }
        let output = try ExampleOutput(
            arguments[out], name: "manifold", for: input.trained, scale: arguments[Options.scale])
        let units = try chosenUnits(arguments[units], of: input.trained) {
            latents == 2 ? [0, 1] : try input.unitsByUse(in: input.split().source)
        }
        guard units.count >= 2, units[0] != units[1] else {
            throw UsageError(
                "'--units' names \(units.count == 1 ? "one unit" : "one unit twice"), and a plane needs two")
        }
        if latents > 2 {
            Terminal.output.line("units: \(units[0]) to the right, \(units[1]) upwards")
        }
        let plane = input.trained.manifold(
            units: (units[0], units[1]), class: try input.chosenClass() ?? input.trained.classesInTurn(1)?[0],
            side: arguments[side])
        try output.write(plane, columns: arguments[side], padding: 0)
    }
}
