import CommandLineKit
import Foundation
import VAE

extension TrainCommand {
    /// The run that the options describe, presets filling in what is not given, with its data opened.
    static func newRun(_ arguments: Arguments) throws -> (configuration: RunConfiguration, splits: DataSplits)
    {
        try checkCompatibility(arguments)
        let seed = UInt64(arguments[Options.seed])
        let (choice, splits) = try openedData(arguments, seed: seed)
        let preset = Preset.named(choice.source) ?? .suiting(splits.training)
        let configuration = RunConfiguration(
            seed: seed, data: choice,
            model: try model(arguments, preset, shape: splits.training.exampleShape),
            training: trainingSettings(arguments, preset))
        if configuration.model.isOverLevels, choice.preprocessing != .grey {
            throw UsageError(
                "'--likelihood \(arguments[likelihood]?.rawValue ?? "")' is for the 256 levels of images; "
                    + "\(choice.name) gives \(choice.preprocessing.summary)")
        }
        if configuration.training.patience > 0, splits.validation == nil {
            throw UsageError(
                "'--patience' watches a validation split, which \(choice.name) lacks; give '--validation'")
        }
        return (configuration, splits)
    }

    /// Options that contradict one another whatever the data.
    private static func checkCompatibility(_ arguments: Arguments) throws {
        if arguments[grey], arguments[colour] {
            throw UsageError("'--grey' and '--colour' exclude each other")
        }
        if arguments.isGiven(variance), let likelihood = arguments[likelihood], likelihood != .gaussian {
            throw UsageError("'--variance' belongs to '--likelihood gaussian'")
        }
        try require(
            components, arguments[prior] == .mixture || arguments[prior] == .vamp, "--prior mixture' or 'vamp"
        )
        try require(flowLayers, arguments[prior] == .flow, "--prior flow")
        try require(flowHidden, arguments[prior] == .flow, "--prior flow")
        try require(varianceHead, arguments[posterior] == .diagonal, "--posterior diagonal")
        try require(directions, arguments[posterior] == .lowRank, "--posterior low-rank")

        func require(_ option: some CommandLineKit.Parameter, _ belongs: Bool, _ owner: String) throws {
            guard arguments.isGiven(option), !belongs else { return }
            throw UsageError("'\(option.declaration.label)' belongs to '\(owner)'")
        }
    }

    // MARK: Data

    private static func openedData(_ arguments: Arguments, seed: UInt64) throws -> (DataChoice, DataSplits) {
        var choice = DataChoice(
            arguments[data], imageSize: arguments[imageSize] ?? 0,
            channels: arguments[grey] ? 1 : arguments[colour] ? 3 : 0)
        let splits = try arguments.withDataLibrary(isQuiet: arguments[Options.quiet]) {
            try $0.open(choice.source, imageSize: choice.imageSize, channels: choice.channels)
        }
        choice.preprocessing = try preprocessing(arguments[binarization], for: splits.training)
        let isWhole = splits.validation == nil && splits.test == nil
        choice.validationCount = arguments[validation] ?? (isWhole ? splits.training.count / 10 : 0)
        return (choice, try choice.settle(splits, seed: seed))
    }

    private static func preprocessing(_ name: Binarization?, for source: any DataSource) throws
        -> Preprocessing
    {
        let chosen: Preprocessing
        switch name {
        case nil: return .standard(for: source.elementKind)
        case .some(.none): chosen = source.elementKind == .real ? .real : .grey
        case .dynamic: chosen = .dynamic
        case .threshold: chosen = .threshold
        case .fixed: chosen = .binary
        }
        guard chosen.accepts(source.elementKind) else {
            let advice =
                switch source.elementKind {
                case .bytes: "holds grey levels or colours; give none, dynamic or threshold"
                case .binary: "is binary already; give fixed"
                case .real: "holds real numbers; give none"
                }
            throw UsageError("'--binarization \(name?.rawValue ?? "")': \(source.name) \(advice)")
        }
        return chosen
    }

    // MARK: Model

    private static func model(_ arguments: Arguments, _ preset: Preset, shape: [Int]) throws -> ModelRecipe {
        let name = arguments[likelihood] ?? preset.likelihood
        if arguments.isGiven(variance), name != .gaussian {
            throw UsageError("'--variance' belongs to '--likelihood gaussian'")
        }
        let likelihood = name.family(variance: arguments[variance] ?? preset.variance)
        let configuration = GaussianVAE.Configuration(
            exampleShape: shape, latents: arguments[latents] ?? preset.latents,
            network: try network(arguments, preset, shape: shape), likelihood: likelihood,
            prior: prior(arguments), posterior: posterior(arguments))
        try configuration.validate()
        return .gaussianVAE(configuration)
    }

    private static func posterior(_ arguments: Arguments) -> GaussianVAE.PosteriorFamily {
        switch arguments[posterior] {
        case .diagonal: .diagonal(head: arguments[varianceHead])
        case .isotropic: .isotropic
        case .full: .full
        case .lowRank: .lowRank(directions: arguments[directions])
        }
    }

    private static func prior(_ arguments: Arguments) -> GaussianVAE.PriorFamily {
        switch arguments[prior] {
        case .standard: .standard
        case .learned: .learned
        case .mixture: .mixture(components: arguments[components] ?? 50)
        case .vamp: .vamp(components: arguments[components] ?? 500)
        case .flow: .flow(layers: arguments[flowLayers], hidden: arguments[flowHidden])
        }
    }

    private static func network(_ arguments: Arguments, _ preset: Preset, shape: [Int]) throws
        -> GaussianVAE.Network
    {
        let kind = arguments[network] ?? preset.network
        func refuse(_ option: some CommandLineKit.Parameter, _ owner: NetworkName) throws {
            guard arguments.isGiven(option) else { return }
            throw UsageError(
                "'\(option.declaration.label)' belongs to '--network \(owner.rawValue)'; this network is \(kind.rawValue)"
            )
        }
        if kind != .conv { try refuse(channels, .conv) }
        if kind != .mlp { try refuse(activation, .mlp) }
        let hidden = arguments[hidden]
        switch kind {
        case .mlp: return .mlp(hidden: hidden ?? preset.hidden, activation: arguments[activation])
        case .gated: return .gated(hidden: hidden ?? preset.hidden)
        case .conv:
            if let hidden, hidden.count != 1 {
                throw UsageError(
                    "'--hidden' of a conv network takes one width, that of its fully connected layer")
            }
            return .convolutional(
                channels: arguments[channels] ?? Preset.channels(for: shape),
                features: hidden?[0] ?? Preset.features)
        }
    }

    // MARK: Training

    private static func trainingSettings(_ arguments: Arguments, _ preset: Preset) -> TrainingSettings {
        var settings = preset.training
        func set<Value>(_ path: WritableKeyPath<TrainingSettings, Value>, _ option: Option<Value?>) {
            if let given = arguments[option] { settings[keyPath: path] = given }
        }
        set(\.epochs, epochs)
        set(\.batchSize, batchSize)
        set(\.objective, objective)
        set(\.samples, samples)
        set(\.optimizer, optimizer)
        set(\.learningRate, learningRate)
        set(\.schedule, schedule)
        set(\.warmUpEpochs, warmUp)
        set(\.gradientLimit, gradientLimit)
        set(\.averageDecay, averageDecay)
        set(\.patience, patience)
        return settings
    }
}
