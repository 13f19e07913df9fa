import CommandLineKit
import VAE

/// `vae sample`: new examples.
enum SampleCommand {
    private static let count = Option(
        "count", short: "n", .integer(in: 1...100_000), default: 64, help: "How many.")
    private static let draw = Option.flag(
        "draw", help: "Draw x from p(x | z). Without it, the mean of p(x | z) is shown, which is smoother.")
    private static let temperature = Option(
        "temperature", .double(in: 1e-3...1000), default: 1, placeholder: "t",
        help: "The spread of z; below 1 samples keep closer to the typical.")
    private static let out = Options.out(default: "figures/sample.png in the run, or sample.csv for a table")

    static let command = Command(
        "sample", summary: "Makes new examples.",
        discussion: """
            Draws z from the prior and decodes it. Each picture is the mean of p(x | z), or with --draw a draw \
            from it, noise of the pixels included. A model of a table writes rows; so does --out with .csv or .npy.

            The file of a model that 'vae fit' has left does as well as a run folder; its draws of x include the noise.
            """,
        examples: [
            Example("vae sample runs/digits", "64 new digits in runs/digits/figures/sample.png."),
            Example("vae sample runs/digits -n 400 --columns 20 --seed 7 -o more.png", "400 others."),
            Example("vae sample runs/digits -n 10000 --draw -o digits.npy", "An array for another program."),
        ],
        positionals: [Options.model],
        options: [
            OptionGroup(
                "Samples", [count, draw, temperature, Options.class, Options.seed, Options.checkpoint]),
            OptionGroup("Output", [out, Options.columns, Options.scale]), Options.machineGroup,
        ],
        run: run)

    /// Options that a fitted model does not take.
    private static let ownOptions: [any CommandLineKit.Parameter] = [
        draw, temperature, Options.class, Options.checkpoint,
    ]

    @Sendable private static func run(_ arguments: Arguments) throws {
        if let network = try NetworkModelFile(arguments, refusing: ownOptions) {
            return try network.sample(arguments[count], to: arguments[out])
        }
        if let fitted = try FittedModel(arguments, refusing: ownOptions) {
            return try fitted.sample(
                arguments[count], to: arguments[out], columns: arguments[Options.columns],
                scale: arguments[Options.scale])
        }
        let input = try RunInput(arguments)
        let trained = input.trained
        guard trained.traits.hasPrior else {
            throw Failure(
                "\(arguments[Options.run]): an autoencoder has no prior to draw z from; fit one with 'vae refit "
                    + "\(arguments[Options.run])'", exitCode: .dataError)
        }
        guard arguments[temperature] == 1 || trained.canTemper else {
            throw UsageError(
                "'--temperature' is for priors that a factor spreads: Gaussians, mixtures of them, and flows; "
                    + "\(arguments[Options.run]) has another")
        }
        let output = try ExampleOutput(
            arguments[out], name: "sample", for: trained, scale: arguments[Options.scale])
        var noise = Generator(seed: UInt64(arguments[Options.seed]))
        let count = arguments[Self.count]
        let chosen = try input.chosenClass().map { [Int](repeating: $0, count: count) }
        let samples = trained.samples(
            count, classes: chosen ?? trained.classesInTurn(count), showingMean: !arguments[draw],
            temperature: arguments[temperature], using: &noise
        ).examples
        // A column for each class where they come in turn.
        let classes = trained.configuration.model.classes
        let side = chosen == nil && (2...40).contains(classes) ? classes : squareSide(of: count)
        try output.write(samples, columns: arguments[Options.columns] ?? side)
    }
}

/// The columns of a grid of `count` pictures that is about square, 40 at most.
func squareSide(of count: Int) -> Int {
    (1...40).first { $0 * $0 >= count } ?? 40
}
