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
        let recipe: ModelRecipe =
            arguments[model] == .vae
            ? .gaussianVAE(try vae(arguments, preset, splits))
            : .flow(try flow(arguments, splits.training, preprocessing: choice.preprocessing))
        var configuration = RunConfiguration(
            seed: seed, data: choice, model: recipe,
            training: try trainingSettings(arguments, preset, splits))
        if arguments[meanStart] { configuration.startsAtMean = true }
        if configuration.model.isOverLevels, choice.preprocessing != .grey {
            let option =
                arguments[dequantization].map { "--dequantization \($0.rawValue)" }
                ?? "--likelihood \(arguments[likelihood]?.rawValue ?? "")"
            throw UsageError(
                "'\(option)' is for the 256 levels of images; \(choice.name) gives "
                    + "\(choice.preprocessing.summary)")
        }
        return (configuration, splits)
    }

    /// Options that contradict one another whatever the data.
    private static func checkCompatibility(_ arguments: Arguments) throws {
        if arguments[grey], arguments[colour] {
            throw UsageError("'--grey' and '--colour' exclude each other")
        }
        if let likelihood = arguments[likelihood] { try checkVariance(arguments, of: likelihood) }
        try require(variance, arguments[likelihoodVariance] == .fixed, "--likelihood-variance fixed")
        try require(
            pixelVarianceHead, arguments[likelihoodVariance] == .pixel, "--likelihood-variance pixel")
        try checkPriorOptions(
            arguments, prior: arguments[prior], hasOtherFlow: arguments[model] != .vae,
            hasOtherNetworks: arguments[posterior] == .autoregressive)
        try require(
            prior, arguments[posterior] != .deterministic,
            "--posterior' other than deterministic ('vae refit' fits a prior to an autoencoder); not '--posterior deterministic"
        )
        for option in vaeOnly { try require(option, arguments[model] == .vae, "--model vae") }
        for option in realNVPOnly { try require(option, arguments[model] == .realnvp, "--model realnvp") }
        try require(varianceHead, arguments[posterior] == .diagonal, "--posterior diagonal")
        try require(directions, arguments[posterior].hasDirections, "--posterior low-rank' or 'sylvester")
        try require(
            posteriorLayers, arguments[posterior].isFlow,
            "--posterior planar', 'radial', 'autoregressive' or 'sylvester")
        try checkObjectiveOptions(arguments)

        func require(_ option: any CommandLineKit.Parameter, _ belongs: Bool, _ owner: String) throws {
            try check(option, in: arguments, belongs, to: owner)
        }
    }

    /// What a prior does not take, unless something else in the model does.
    static func checkPriorOptions(
        _ arguments: Arguments, prior: PriorName?, hasOtherFlow: Bool = false, hasOtherNetworks: Bool = false
    ) throws {
        try check(
            components, in: arguments, prior == .mixture || prior == .vamp, to: "--prior mixture' or 'vamp")
        let isFlow = prior?.isFlow == true || hasOtherFlow
        let owners = "--prior flow', 'autoregressive' or 'spline', '--model realnvp' or 'maf"
        try check(flowLayers, in: arguments, isFlow, to: owners)
        try check(
            flowHidden, in: arguments, isFlow || hasOtherNetworks,
            to: owners + "', or '--posterior autoregressive")
    }

    /// Throws when an option is given that belongs to a choice which was not made.
    static func check(
        _ option: any CommandLineKit.Parameter, in arguments: Arguments, _ belongs: Bool, to owner: String
    ) throws {
        guard arguments.isGiven(option), !belongs else { return }
        throw UsageError("'\(option.declaration.label)' belongs to '\(owner)'")
    }

    /// Only a Gaussian likelihood has a variance to choose.
    private static func checkVariance(_ arguments: Arguments, of likelihood: LikelihoodName) throws {
        let options: [any CommandLineKit.Parameter] = [variance, likelihoodVariance, pixelVarianceHead]
        if likelihood != .gaussian, let option = options.first(where: { arguments.isGiven($0) }) {
            throw UsageError("'\(option.declaration.label)' belongs to '--likelihood gaussian'")
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

    private static func vae(_ arguments: Arguments, _ preset: Preset, _ splits: DataSplits) throws
        -> GaussianVAE.Configuration
    {
        let shape = splits.training.exampleShape
        let name = arguments[likelihood] ?? preset.likelihood
        try checkVariance(arguments, of: name)
        try check(meanStart, in: arguments, name == .bernoulli, to: "--likelihood bernoulli")
        let network = try network(arguments, preset, shape: shape)
        let latents = arguments[latents] ?? network.latents(for: shape, near: preset.latents)
        let configuration = GaussianVAE.Configuration(
            exampleShape: shape, latents: latents, network: network,
            likelihood: name.family(variance: variance(arguments, preset)),
            prior: arguments[posterior] == .deterministic
                ? .none : prior(arguments, named: arguments[Self.prior]),
            posterior: posterior(arguments, latents: latents),
            dequantization: arguments[dequantization] ?? .none,
            classes: arguments[condition] ? try classCount(of: splits) : 0)
        try configuration.validate()
        return configuration
    }

    private static func classCount(of splits: DataSplits) throws -> Int {
        let highest = [splits.training, splits.validation, splits.test].compactMap { $0?.labels?.max() }.max()
        guard splits.training.labels != nil, let highest, highest > 0 else {
            throw UsageError("'--condition' is for data with classes; \(splits.training.name) has none")
        }
        return highest + 1
    }

    private static func flow(
        _ arguments: Arguments, _ source: any DataSource, preprocessing: Preprocessing
    ) throws -> FlowModel.Configuration {
        guard !preprocessing.isBinary else {
            throw UsageError(
                "'--model \(arguments[model].rawValue)' is a density of real numbers or of the 256 levels of images; "
                    + "\(source.name) gives \(preprocessing.summary)")
        }
        let shape = source.exampleShape
        let hidden = arguments[flowHidden]
        let architecture: FlowModel.Architecture
        if arguments[model] == .realnvp {
            guard hidden.count == 1 else {
                throw UsageError("'--flow-hidden' of realnvp takes one number, its channels")
            }
            let halvings = shape.dropFirst().map(\.trailingZeroBitCount).min() ?? 1
            architecture = .realNVP(
                levels: arguments[levels] ?? max(1, min(3, halvings)), steps: arguments[flowLayers],
                features: hidden[0], mixing: arguments[mixing])
        } else {
            architecture = .maskedAutoregressive(layers: arguments[flowLayers], hidden: hidden)
        }
        let configuration = FlowModel.Configuration(
            exampleShape: shape, architecture: architecture,
            dequantization: arguments[dequantization] ?? (preprocessing == .grey ? .uniform : .none))
        try configuration.validate()
        return configuration
    }

    private static func variance(_ arguments: Arguments, _ preset: Preset) -> GaussianVAE.LikelihoodVariance {
        switch arguments[likelihoodVariance] {
        case .fixed: .fixed(arguments[variance] ?? preset.variance)
        case .learned: .learned
        case .pixel: .pixel(head: arguments[pixelVarianceHead])
        case .optimal: .optimal
        }
    }

    private static func posterior(_ arguments: Arguments, latents: Int) -> GaussianVAE.PosteriorFamily {
        let layers = arguments[posteriorLayers]
        let directions = arguments[Self.directions] ?? min(4, latents)
        return switch arguments[posterior] {
        case .diagonal: .diagonal(head: arguments[varianceHead])
        case .isotropic: .isotropic
        case .full: .full
        case .lowRank: .lowRank(directions: directions)
        case .planar: .planar(layers: layers)
        case .radial: .radial(layers: layers)
        case .autoregressive: .autoregressive(layers: layers, hidden: arguments[flowHidden])
        case .sylvester: .sylvester(layers: layers, directions: directions)
        case .deterministic: .deterministic
        }
    }

    /// The prior of a name, with what the options say of it.
    static func prior(_ arguments: Arguments, named name: PriorName) -> GaussianVAE.PriorFamily {
        let (layers, hidden) = (arguments[flowLayers], arguments[flowHidden])
        return switch name {
        case .standard: .standard
        case .learned: .learned
        case .mixture: .mixture(components: arguments[components] ?? 50)
        case .vamp: .vamp(components: arguments[components] ?? 500)
        case .flow: .flow(layers: layers, hidden: hidden)
        case .autoregressive: .autoregressive(layers: layers, hidden: hidden)
        case .spline: .spline(layers: layers, hidden: hidden)
        }
    }

    private static func network(_ arguments: Arguments, _ preset: Preset, shape: [Int]) throws
        -> GaussianVAE.Network
    {
        let kind = arguments[network] ?? preset.network
        func require(_ option: some CommandLineKit.Parameter, _ owners: [NetworkName]) throws {
            guard arguments.isGiven(option), !owners.contains(kind) else { return }
            let names = owners.map(\.rawValue).joined(separator: "' or '")
            throw UsageError(
                "'\(option.declaration.label)' belongs to '--network \(names)'; this network is \(kind.rawValue)"
            )
        }
        try require(channels, [.conv, .residual])
        try require(blocks, [.residual])
        try require(hidden, [.mlp, .gated, .conv])
        try require(activation, [.mlp])
        try require(meanStart, [.mlp, .gated])
        let hidden = arguments[Self.hidden]
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
        case .residual:
            return .residual(
                channels: arguments[channels] ?? Array(Preset.channels(for: shape).prefix(2)),
                blocks: arguments[blocks])
        }
    }

    // MARK: Training

    /// How to train on these data: the preset's settings, and what the options say.
    static func trainingSettings(_ arguments: Arguments, _ preset: Preset, _ splits: DataSplits) throws
        -> TrainingSettings
    {
        var settings = preset.training
        func set<Value>(_ path: WritableKeyPath<TrainingSettings, Value>, _ option: Option<Value?>) {
            if let given = arguments[option] { settings[keyPath: path] = given }
        }
        set(\.epochs, epochs)
        set(\.batchSize, batchSize)
        set(\.samples, samples)
        set(\.optimizer, optimizer)
        set(\.learningRate, learningRate)
        set(\.schedule, schedule)
        set(\.warmUpEpochs, warmUp)
        set(\.gradientLimit, gradientLimit)
        set(\.averageDecay, averageDecay)
        set(\.patience, patience)
        settings.encoderLearningRate = arguments[encoderLearningRate]
        settings.frozen = arguments[freeze]
        settings.warmUpPeriod = arguments[warmUpPeriod]
        settings.objective = objective(arguments)
        settings.gradient = arguments[gradient]
        settings.baseline = arguments[baseline]
        settings.backwardSamples = arguments[backwardSamples]
        settings.rateEstimate = arguments[rate]
        if settings.patience > 0, splits.validation == nil {
            throw UsageError(
                "'--patience' watches a validation split, which \(splits.training.name) lacks; give '--validation'"
            )
        }
        return settings
    }
}
