import CommandLineKit
import VAE

extension TrainCommand {
    /// The models by name.
    enum ModelName: String, CaseIterable, Sendable {
        case vae, realnvp, maf
    }

    /// The networks by the names that the command line has for them.
    enum NetworkName: String, CaseIterable, Sendable {
        case mlp, conv, gated, residual
    }

    /// The likelihoods by name.
    enum LikelihoodName: String, CaseIterable, Sendable {
        case bernoulli, gaussian, categorical
        case continuousBernoulli = "continuous-bernoulli"
        case discretizedLogistic = "discretized-logistic"
        case discretizedGaussian = "discretized-gaussian"
        case logisticMixture = "logistic-mixture"
        case betaBinomial = "beta-binomial"

        /// The family, which takes no further choice but the variance of a Gaussian.
        func family(variance: GaussianVAE.LikelihoodVariance) -> GaussianVAE.LikelihoodFamily {
            switch self {
            case .bernoulli: .bernoulli
            case .gaussian: .gaussian(variance: variance)
            case .categorical: .categorical
            case .continuousBernoulli: .continuousBernoulli
            case .discretizedLogistic: .discretizedLogistic
            case .discretizedGaussian: .discretizedGaussian
            case .logisticMixture: .logisticMixture(components: 10)
            case .betaBinomial: .betaBinomial
            }
        }
    }

    /// The variances of a Gaussian likelihood by name.
    enum LikelihoodVarianceName: String, CaseIterable, Sendable {
        case fixed, learned, pixel, optimal
    }

    /// The posteriors by name.
    enum PosteriorName: String, CaseIterable, Sendable {
        case diagonal, isotropic, full
        case lowRank = "low-rank"
        case planar, radial, autoregressive, sylvester, deterministic

        /// Whether it is a Gaussian that goes through layers.
        var isFlow: Bool { [.planar, .radial, .autoregressive, .sylvester].contains(self) }

        /// Whether it moves along a few directions.
        var hasDirections: Bool { self == .lowRank || self == .sylvester }
    }

    /// The priors by name.
    enum PriorName: String, CaseIterable, Sendable {
        case standard, learned, mixture, vamp, flow, autoregressive, spline

        /// Whether it is N(0, I) that goes through layers.
        var isFlow: Bool { [.flow, .autoregressive, .spline].contains(self) }

        /// Whether it has anything to learn.
        var isLearnt: Bool { self != .standard }
    }

    /// What is done to make elements binary.
    enum Binarization: String, CaseIterable, Sendable {
        case none, dynamic, threshold, fixed
    }

    // The run.
    static let out = Option(
        "out", short: "o", .path, placeholder: "run",
        help: "The run folder to make. Without it, the first free runs/<data>-<kind>-<n>.")
    static let resume = Option(
        "resume", .path, placeholder: "run", help: "Go on with a run that was stopped, or for more --epochs.")
    static let from = Option(
        "from", .path, placeholder: "run",
        help: """
            Begin with the data, the model, the seed and the best weights of this run, to go on in another way: with \
            more draws, another objective, a new schedule.
            """)

    // Data.
    static let data = Option(
        "data", .path, default: "sprites", placeholder: "set",
        help: "A named set ('vae datasets' lists them), a folder of images, or an IDX, NPY or CSV file.")
    static let imageSize = Option(
        "image-size", .integer(in: 4...1024), help: "Brings the images of a folder to this height and width.")
    static let grey = Option.flag("grey", help: "Reads the images of a folder as grey.")
    static let colour = Option.flag("colour", help: "Reads the images of a folder in colour.")
    static let binarization = Option(
        "binarization", .choice(Binarization.self),
        help: """
            What the model sees of grey levels: none leaves them, dynamic draws zeros and ones anew each time, \
            threshold cuts at half; fixed is for sets that are binary already. Without it, fixed for these and none \
            for others.
            """)
    static let validation = Option(
        "validation", .integer(in: 0...), placeholder: "n",
        help: """
            Training examples set aside to choose the best checkpoint by. Without it, the set's own split, or a tenth \
            of a file or folder that has no splits.
            """)

    // Model.
    static let model = Option(
        "model", .choice(ModelName.self), default: .vae,
        help: """
            What learns: a variational autoencoder, or a normalising flow, whose encoder and decoder are one map and \
            its inverse: realnvp (couplings in levels) for images, maf (masked autoregressive) for tables.
            """)
    static let network = Option(
        "network", .choice(NetworkName.self),
        help: """
            The kind of both networks. In residual, convolutions with residual blocks, z is a map with a part for each \
            place. Without it, as suits the data.
            """)
    static let hidden = Option(
        "hidden", .list(of: .integer(in: 1...65_536)),
        help: "Widths of the fully connected layers, the one next to the data first; one for conv.")
    static let channels = Option(
        "channels", .list(of: .integer(in: 1...65_536)),
        help: "Channels of the stages of conv and residual, each of which halves the image.")
    static let blocks = Option(
        "blocks", .integer(in: 0...100), default: 1, placeholder: "n",
        help: "Residual blocks on each side of z.")
    static let latents = Option(
        "latents", .integer(in: 1...65_536), help: "The size of z. Without it, as suits the data.")
    static let activation = Option(
        "activation", .choice(Activation.self), default: .relu, help: "The non-linearity of an mlp.")
    static let meanStart = Option.flag(
        "mean-start",
        help: """
            The decoder begins around the mean of the training examples instead of at 1/2, which spares it the epochs \
            that learn the mean. For a Bernoulli likelihood and an mlp or gated network.
            """)
    static let likelihood = Option(
        "likelihood", .choice(LikelihoodName.self),
        help: """
            p(x | z). Bernoulli is for zeros and ones (on grey values it is a loss), gaussian for real numbers, \
            continuous-bernoulli for values between 0 and 1, the others for the 256 levels of images: these give a \
            likelihood in bits per dimension. logistic-mixture has ten components and couples colours.
            """)
    static let variance = Option(
        "variance", .double(in: .above(0)),
        help: "The fixed σ² of a Gaussian likelihood. Without it, as suits the data.")
    static let likelihoodVariance = Option(
        "likelihood-variance", .choice(LikelihoodVarianceName.self), default: .fixed,
        help: """
            σ² of a Gaussian likelihood: fixed is --variance, learned one number trained with the weights, pixel a \
            number for each pixel from the decoder, optimal the mean squared error of the batch (in use, its running \
            average).
            """)
    static let pixelVarianceHead = Option(
        "pixel-variance-head", .choice(VarianceHead.self), default: .exp,
        help: "How the decoder's output becomes the variances of pixels.")
    static let condition = Option.flag(
        "condition",
        help: """
            Tells encoder, decoder and a learned prior the class of each example, so that the model can make examples of \
            a class. For data with classes.
            """)
    static let dequantization = Option(
        "dequantization", .choice(Dequantization.self),
        help: """
            Noise within the 256 levels of images, for a likelihood of real numbers (gaussian, continuous-bernoulli, \
            flows) to be one of levels, in bits per dimension: of equal density (uniform), or of one that a network \
            chooses (variational). Without it, uniform for flows of images and none for others.
            """)
    static let posterior = Option(
        "posterior", .choice(PosteriorName.self), default: .diagonal,
        help: """
            q(z | x), a Gaussian with a variance for each unit (diagonal), one for all (isotropic), any covariance \
            (full), or a diagonal and a few --directions (low-rank); or what becomes of a diagonal one in \
            --posterior-layers: planar and radial maps, inverse autoregressive layers, or sylvester maps, which move \
            z along a few --directions. deterministic is the autoencoder, which has no prior ('vae refit' fits one).
            """)
    static let varianceHead = Option(
        "variance-head", .choice(VarianceHead.self), default: .exp,
        help: "How the network's output becomes the variances of a diagonal posterior.")
    static let directions = Option(
        "directions", .integer(in: 1...65_536), placeholder: "n",
        help:
            "Directions of a low-rank posterior, or of each sylvester map. Without it, 4, or as z has units.")
    static let posteriorLayers = Option(
        "posterior-layers", .integer(in: 1...1000), default: 4, placeholder: "n",
        help: "Layers of a planar, radial, autoregressive or sylvester posterior.")
    static let prior = Option(
        "prior", .choice(PriorName.self), default: .standard,
        help: """
            p(z): standard is N(0, I), learned one Gaussian with a mean and variances of its own, mixture several of \
            them, vamp the mixture of the posteriors of learned pseudo-inputs; flow is N(0, I) through affine couplings, \
            spline through couplings that bend more freely, autoregressive through masked autoregressive layers, whose \
            draws take a pass for each unit.
            """)
    static let components = Option(
        "components", .integer(in: 1...65_536), placeholder: "k",
        help: "Gaussians of a mixture prior (50), or pseudo-inputs of vamp (500).")
    static let flowLayers = Option(
        "flow-layers", .integer(in: 1...1000), default: 6, placeholder: "n",
        help:
            "Layers of a flow, spline or autoregressive prior or of maf; couplings in each level of realnvp.")
    static let flowHidden = Option(
        "flow-hidden", .list(of: .integer(in: 1...65_536)), default: [128],
        help: """
            Widths of the network in each of them, and in each layer of an autoregressive posterior; one, its channels, \
            for realnvp.
            """)
    static let levels = Option(
        "levels", .integer(in: 1...10), placeholder: "n",
        help: "How often realnvp halves the image; 3, or as often as its sides allow.")
    static let mixing = Option(
        "mixing", .choice(ImageRealNVP.Mixing.self), default: .learned,
        help:
            "What realnvp does to channels between couplings: a fixed permutation, or a learned 1×1 convolution."
    )

    // Training.
    static let epochs = Option("epochs", .integer(in: 1...1_000_000), help: "Passes over the data.")
    static let batchSize = Option("batch-size", .integer(in: 1...1_000_000), help: "Examples in a step.")
    static let learningRate = Option(
        "learning-rate", .double(in: .above(0)), help: "The optimiser's step length.")
    static let encoderLearningRate = Option(
        "encoder-learning-rate", .double(in: .above(0)),
        help: "The step length of the encoder, with an optimiser of its own. Without it, that of all.")
    static let freeze = Option(
        "freeze", .list(of: .string), placeholder: "part,…",
        help: "Parts of the model that stay as they begin: encoder, decoder or priorModel.")
    static let optimizer = Option(
        "optimizer", .choice(TrainingSettings.OptimizerKind.self), help: "Which update.")
    static let schedule = Option(
        "schedule", .choice(TrainingSettings.ScheduleKind.self),
        help: "How the learning rate changes over the run.")
    static let warmUp = Option(
        "warm-up", .integer(in: 0...), placeholder: "epochs",
        help: "Epochs over which the weight of the rate grows to 1.")
    static let warmUpPeriod = Option(
        "warm-up-period", .integer(in: 1...), placeholder: "epochs",
        help: "Epochs after which the warm-up begins anew. Without it, there is one.")
    static let gradientLimit = Option(
        "gradient-limit", .double(in: 0...), help: "The largest norm of a gradient; 0 for no limit.")
    static let averageDecay = Option(
        "average-decay", .double(in: 0..<1),
        help: "Averages the weights over the steps, keeping so much at each; 0 for no average.")
    static let patience = Option(
        "patience", .integer(in: 0...), placeholder: "epochs",
        help: "Stops after so many epochs without a better validation bound; 0 for never.")
    static let groups = [
        OptionGroup("Run", [out, resume, from, Options.quiet, Options.json]),
        OptionGroup(
            "Data", [data, Options.dataDirectory, imageSize, grey, colour, binarization, validation]),
        OptionGroup(
            "Model",
            [model] + vaeOnly + [dequantization, flowLayers, flowHidden] + realNVPOnly),
        OptionGroup(
            "Training",
            [
                epochs, batchSize, learningRate, encoderLearningRate, freeze, optimizer, schedule, warmUp,
                warmUpPeriod, gradientLimit, averageDecay, patience, Options.seed,
            ]),
        OptionGroup("Objective", objectiveOptions),
        Options.machineGroup,
    ]

    /// What a run has decided once and for all.
    static let settled: [any CommandLineKit.Parameter] =
        [
            out, from, batchSize, learningRate, encoderLearningRate, freeze, optimizer, schedule, warmUp,
            warmUpPeriod, gradientLimit, averageDecay, patience, Options.seed,
        ] + dataAndModel + objectiveOptions

    /// What a run is about, which one that begins with its weights takes over.
    static let dataAndModel: [any CommandLineKit.Parameter] =
        [
            data, imageSize, grey, colour, binarization, validation, model, dequantization, flowLayers,
            flowHidden,
        ] + vaeOnly + realNVPOnly

    /// What only a variational autoencoder has.
    static let vaeOnly: [any CommandLineKit.Parameter] = [
        network, hidden, channels, blocks, latents, activation, meanStart, likelihood, variance,
        likelihoodVariance, pixelVarianceHead, posterior, varianceHead, directions, posteriorLayers, prior,
        components, condition,
    ]

    /// What only a flow of images has.
    static let realNVPOnly: [any CommandLineKit.Parameter] = [levels, mixing]
}
