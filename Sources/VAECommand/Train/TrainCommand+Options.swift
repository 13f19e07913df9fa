import CommandLineKit
import VAE

extension TrainCommand {
    static let out = Option(
        "out", short: "o", .path, placeholder: "run",
        help: "The run folder to make. Without it, the first free runs/<data>-<kind>-<n>.")
    static let resume = Option(
        "resume", .path, placeholder: "run", help: "Go on with a run, or for more --epochs.")
    static let from = Option(
        "from", .path, placeholder: "run",
        help: "Begin with the data, model, seed and best weights of this run, to go on in another way.")
    static let config = Option(
        "config", .path, placeholder: "file",
        help: "A config.json, whole or in part; options win.")

    static let recipe = Option(
        "recipe", .string, placeholder: "name",
        help: "One of 'vae recipes'; options win.")

    /// The options that come from the settings.
    static let settings = SettingOptions(RunConfiguration.outlines)

    /// The options by group.
    static var groups: [OptionGroup] {
        let runs = OptionGroup("Run", [out, resume, from, config, recipe, Options.quiet, Options.json])
        let data = OptionGroup(
            "Data", settings.options(below: "data", usual: true) + [Options.dataDirectory])
        let usual = settings.options(below: "training", usual: true) + settings.options(below: "seed")
        return [runs, data, OptionGroup("Training", usual)] + modelGroups + [
            OptionGroup("More of data", settings.options(below: "data", usual: false), shown: .all),
            OptionGroup("More of training", settings.options(below: "training", usual: false), shown: .all),
        ] + choiceGroups + [Options.machineGroup]
    }

    /// The models by name, and the options of each.
    private static var modelGroups: [OptionGroup] {
        guard let outline = RunConfiguration.outlines.first(where: { $0.key == "model" }),
            case .choice(let choice) = outline.content
        else { return [] }
        let kinds = choice.kinds
        let rows = kinds.map { (label: $0.name, text: $0.help) }
        let rest = settings.options(below: "startsAtMean") + settings.options(below: "initialWeights")
        return [
            OptionGroup(
                "Model ('vae train --model KIND --help' shows its options)", [settings["model"]],
                rows: rows)
        ]
            + [OptionGroup("Start", rest, shown: .with(option: "model", value: nil))]
            + kinds.flatMap { kind in
                settings.groups(
                    of: kind, heading: "Model \(kind.name)",
                    shown: .with(option: "model", value: kind.name))
            }
    }

    /// The kinds of objectives, optimisers and schedules, with the options of each.
    private static var choiceGroups: [OptionGroup] {
        TrainingSettings.outlines.flatMap { outline in
            outline.option.map {
                settings.groups(of: outline, shown: .with(option: $0.name, value: nil))
            } ?? []
        }
    }

    /// What other programs call our options, and what to write here.
    static let hints: [String: String] = [
        "--lr": "'--learning-rate'", "--latent-dim": "'--latents'", "--latent-size": "'--latents'",
        "--z-dim": "'--latents'", "--dataset": "'--data'", "--num-epochs": "'--epochs'",
        "--max-epochs": "'--epochs'", "--bs": "'--batch-size'", "--output": "'--out'",
        "--output-dir": "'--out'",
        "--beta": "'--objective beta --objective-weight'",
        "--kl-weight": "'--objective beta --objective-weight'", "--kl-anneal": "'--warm-up'",
        "--k": "'--objective iwae --samples'", "--ema": "'--average-decay'",
        "--clip": "'--gradient-limit'", "--grad-clip": "'--gradient-limit'",
        "--model beta-vae": "'--model vae --objective beta'",
        "--model iwae": "'--model vae --objective iwae'",
        "--model vampvae": "'--model vae --prior vamp'",
        "--model ae": "'--model vae --posterior deterministic'",
        "--model autoencoder": "'--model vae --posterior deterministic'",
        "--model wae": "'--model vae --objective mmd'", "--model info-vae": "'--model vae --objective mmd'",
        "--model factor-vae": "'--model vae --objective factor'",
        "--model tc-vae": "'--model vae --objective total-correlation'",
        "--model dip-vae": "'--model vae --objective dip-i'", "--model cvae": "'--model vae --condition'",
        "--model conv-vae": "'--model vae --network conv'", "--model flow": "'--model realnvp' or 'maf'",
    ]
}
