import Layers
import Settings

extension GaussianVAE {
    /// Everything that determines the model, but for its weights.
    public struct Configuration: Choice {
        /// The shape of an example: `[channels, height, width]` or `[values]`.
        public var exampleShape: [Int]
        /// The size of z.
        public var latents: Int
        /// The networks on both sides of z.
        public var network: any NetworkRecipe
        /// p(x | z).
        public var likelihood: any LikelihoodRecipe
        /// p(z).
        public var prior: any PriorRecipe
        /// q(z | x).
        public var posterior: any PosteriorRecipe
        /// How levels become real numbers, under a likelihood of these.
        public var dequantization: Dequantization
        /// How many classes encoder, decoder and prior are told of; 0 for none.
        public var classes: Int
        /// Whether the networks see columns of zero mean and unit variance; the density is that of the numbers as given.
        public var isStandardized = false

        /// A configuration.
        public init(
            exampleShape: [Int], latents: Int = 20, network: any NetworkRecipe = .mlp(hidden: [400]),
            likelihood: any LikelihoodRecipe = .bernoulli, prior: any PriorRecipe = .standard,
            posterior: any PosteriorRecipe = .diagonal(), dequantization: Dequantization = .none,
            classes: Int = 0
        ) {
            self.exampleShape = exampleShape
            self.latents = latents
            self.network = network
            self.likelihood = likelihood
            self.prior = prior
            self.posterior = posterior
            self.dequantization = dequantization
            self.classes = classes
        }

        /// The defaults, for examples whose shape is not known yet.
        public init() { self.init(exampleShape: []) }

        /// The number of values in an example.
        public var dimensions: Int { exampleShape.reduce(1, *) }

        /// The number of values that the decoder's network takes.
        public var decoderInputs: Int { latents + classes }

        /// The number of values that the decoder's network gives.
        public var outputs: Int { outputsPerPixel * exampleShape.dropFirst().reduce(1, *) }

        /// The number of values that the decoder's network gives for each pixel, or for a row.
        public var outputsPerPixel: Int { likelihood.outputs(forChannels: exampleShape[0]) }

        /// The choices in a phrase.
        public var summary: String {
            let noise = dequantization == .none ? nil : "\(dequantization.rawValue) dequantization"
            let classes = classes == 0 ? nil : "given one of \(classes) classes"
            let columns = isStandardized ? "standardized columns" : nil
            return [
                "Gaussian VAE, \(latents) latents", network.summary, likelihood.summary, noise, prior.summary,
                posterior.summary, columns, classes,
            ].compactMap { $0 }.joined(separator: ", ")
        }
    }
}

extension GaussianVAE.Configuration {
    /// Its name among the models.
    public static let kind = "vae"

    /// Its line in the help.
    public static let help = "A variational autoencoder with a Gaussian latent."

    /// The settings.
    public static var settings: [Setting<GaussianVAE.Configuration>] {
        [
            exampleShapeSetting(\.exampleShape),
            .integer(
                "latents", \.latents, in: Limits.width,
                .option("latents", default: "suits the data", help: "The size of z.")),
            .kind(
                "network", \.network, of: GaussianVAE.networks,
                option: .option(
                    "network", default: "suits the data", help: "The networks of encoder and decoder.")),
            .kind(
                "likelihood", \.likelihood, of: GaussianVAE.likelihoods,
                option: .option("likelihood", default: "suits the data", help: "p(x | z).")),
            .kind(
                "posterior", \.posterior, of: GaussianVAE.posteriors,
                option: .option("posterior", help: "q(z | x).")),
            .kind(
                "prior", \.prior, of: GaussianVAE.priors, option: .option("prior", help: "p(z).")),
            Dequantization.setting(\.dequantization),
            .integer(
                "classes", \.classes, in: 0...65_536,
                .flags(
                    .init(
                        "condition", .integer(classesOfTheData),
                        help: """
                            Tells encoder, decoder and a learned prior the class of each example, so that the model \
                            can make examples of a class. For data with classes.
                            """))),
            .flag(
                "standardized", \.isStandardized,
                .option(
                    "standardized", default: "suits the data",
                    help: """
                        The networks see each column of a table at zero mean and unit variance over the training \
                        examples; the bound remains that of the numbers as given.
                        """)),
        ]
    }

    /// Stands for the number of classes of the data, as a single class would tell nothing.
    private static var classesOfTheData: Int { 1 }

    /// Checks that the choices describe a model.
    public func validate() throws {
        try checkSettings()
        try require(
            [1, 3].contains(exampleShape.count), "exampleShape", exampleShape,
            "[values] or [channels, height, width]")
        try network.validate(for: self)
        try likelihood.validate(for: exampleShape)
        try require(
            dequantization == .none || [.reals, .unitInterval].contains(likelihood.support),
            "dequantization", dequantization.rawValue, "none with a likelihood over levels, or zeros and ones"
        )
        try require(
            !isStandardized || takesStandardization, "standardized", true,
            "false, unless the likelihood is of real numbers, its variance not 'optimal', without dequantization"
        )
        try posterior.validate(for: self)
        try prior.validate(for: self)
        if classes > 0 {
            try require(
                !network.hasMap, "network", Swift.type(of: network).kind,
                "one whose z is a vector, for a model of classes")
            try require(
                !prior.isMadeOfPosteriors, "prior", "of posteriors, which depend on the class",
                "another, for a model of classes")
        }
    }

    private var takesStandardization: Bool {
        likelihood.takesStandardization && dequantization == .none
    }

    /// Shape, size of z and number of classes from the data; no prior for a deterministic posterior.
    public mutating func adapt(to data: DataTraits, given: JSONValue) {
        if given["exampleShape"] == nil { exampleShape = data.exampleShape }
        if classes == Self.classesOfTheData { classes = data.classes }
        if posterior.isDeterministic, given["prior"] == nil { prior = .none }
        network.adapt(to: data, given: given["network"] ?? .object([:]))
        if given["latents"] == nil { latents = network.latents(for: exampleShape, near: latents) }
        var data = data
        data.latents = latents
        adaptParts(to: data, given: given)
        if given["standardized"] == nil { isStandardized = isStandardized && takesStandardization }
    }
}

extension Dequantization {
    /// The setting that several models have.
    static func setting<Root: Configurable>(
        _ path: WritableKeyPath<Root, Dequantization> & Sendable
    ) -> Setting<Root> {
        .choice(
            "dequantization", path,
            .option(
                "dequantization", default: "uniform for flows of images, else none",
                help: """
                    Noise within the 256 levels of images, so that a likelihood of real numbers (gaussian, \
                    continuous-bernoulli, flows) becomes one of levels: of equal density, or of one that a network \
                    chooses.
                    """))
    }
}
