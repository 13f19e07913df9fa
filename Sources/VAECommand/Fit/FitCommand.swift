import CommandLineKit

/// `vae fit`: models that need no training of networks.
enum FitCommand {
    static let command = Command(
        "fit", summary: "Fits a model without networks to data, codes included.",
        discussion: """
            These models are where the VAE comes from: encoder, prior and decoder are known in closed form, and so is the \
            bound. Each is written to one file, which 'vae sample', 'vae encode' and 'vae evaluate' take in place of a \
            run folder.
            """,
        examples: [
            Example("vae fit kmeans mnist --components 50 -o digits.json", "Fifty centres of the digits."),
            Example(
                "vae fit mixture penguins.csv --components 3 --impute filled.csv",
                "Three Gaussians over a table, whose empty fields are then filled in."),
            Example(
                "vae fit mixture mnist --codes runs/digits --components 10",
                "Ten Gaussians over the codes of a trained VAE."),
            Example(
                "vae fit network survey.csv --structure 'Age -> Job, Age -> Town'",
                "The tables of a Bayesian network."),
        ],
        subcommands: [FitKMeansCommand.command, FitMixtureCommand.command, FitNetworkCommand.command])
}
