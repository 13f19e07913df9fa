import CommandLineKit

/// `vae fit`: models that need no training of networks.
enum FitCommand {
    static let command = Command(
        "fit", summary: "Fits a model without networks to data.",
        discussion: """
            These models are where the VAE comes from: encoder, prior and decoder are known in closed form, and so is the \
            bound. Each is written to one file, which 'vae sample', 'vae encode' and 'vae evaluate' take in place of a \
            run folder.
            """,
        examples: [
            Example(
                "vae fit network survey.csv --structure 'Age -> Job, Age -> Town'",
                "The tables of a Bayesian network."),
            Example("vae fit network --help", "What else there is to choose."),
        ],
        subcommands: [FitNetworkCommand.command])
}
