import Bounds
import Foundation
import Layers
import Models
import Settings
import Tensors
import Testing

@Suite("The configuration of a Gaussian VAE")
struct ConfigurationTests {
    typealias Configuration = GaussianVAE.Configuration

    /// A configuration for images of 17 by 23, changed.
    static func image(_ change: (inout Configuration) -> Void) -> Configuration {
        var configuration = Configuration(exampleShape: [1, 17, 23])
        change(&configuration)
        return configuration
    }

    /// What describes no model, with the field that is to blame.
    static let refused: [(String, Configuration)] = {
        let shapes: [[Int]] = [[], [0], [-3], [28, 28], [1, 0, 28], [1, 28, -28], [1, 2, 3, 4]]
        let latents = [0, -1, 65_537]
        let networks: [any NetworkRecipe] = [
            .mlp(hidden: []), .gated(hidden: []), .mlp(hidden: [0]), .mlp(hidden: [8, -1, 8]),
            .gated(hidden: [65_537]), .convolutional(channels: [], features: 8),
            .convolutional(channels: [4, 0], features: 8), .convolutional(channels: [4], features: 0),
            // 17 can be halved four times.
            .convolutional(channels: [4, 4, 4, 4, 4], features: 8),
        ]
        let priors: [any PriorRecipe] = [
            .mixture(components: 0), .vamp(components: -1), .vamp(components: 65_537),
        ]
        let variances: [Double] = [0, -1, .infinity, .nan]
        let flat = Configuration(exampleShape: [13], network: .convolutional(channels: [4], features: 8))

        var rows: [(String, Configuration)] = [("network", flat)]
        rows += shapes.map { ("exampleShape", Configuration(exampleShape: $0)) }
        rows += latents.map { count in ("latents", image { $0.latents = count }) }
        rows += networks.map { network in ("network.", image { $0.network = network }) }
        rows += [
            ("posterior.directions", image { $0.posterior = .lowRank(directions: 0) }),
            ("posterior.directions", image { ($0.posterior, $0.latents) = (.lowRank(directions: 4), 3) }),
            ("latents", image { ($0.posterior, $0.latents) = (.full, 513) }),
            ("likelihood.components", image { $0.likelihood = .logisticMixture(components: 0) }),
            ("likelihood", Configuration(exampleShape: [13], likelihood: .logisticMixture(components: 2))),
        ]
        rows += priors.map { prior in ("prior.components", image { $0.prior = prior }) }
        rows += [
            ("prior.layers", image { $0.prior = .flow(layers: 0, hidden: [4]) }),
            ("prior.hidden", image { $0.prior = .flow(layers: 2, hidden: []) }),
            ("prior.hidden", image { $0.prior = .flow(layers: 2, hidden: [0]) }),
            ("latents", image { ($0.prior, $0.latents) = (.flow(layers: 2, hidden: [4]), 1) }),
            ("prior.layers", image { $0.prior = .autoregressive(layers: 1001, hidden: [4]) }),
            ("prior.hidden", image { $0.prior = .autoregressive(layers: 2, hidden: []) }),
            ("latents", image { ($0.prior, $0.latents) = (.autoregressive(layers: 2, hidden: [4]), 1) }),
            ("prior.layers", image { $0.prior = .spline(layers: -1, hidden: [4]) }),
            ("prior.hidden", image { $0.prior = .spline(layers: 2, hidden: [4, 65_537]) }),
            ("latents", image { ($0.prior, $0.latents) = (.spline(layers: 2, hidden: [4]), 1) }),
            ("posterior.layers", image { $0.posterior = .planar(layers: 0) }),
            ("posterior.layers", image { $0.posterior = .radial(layers: 1001) }),
            ("posterior.layers", image { $0.posterior = .autoregressive(layers: 0, hidden: [4]) }),
            ("posterior.hidden", image { $0.posterior = .autoregressive(layers: 2, hidden: []) }),
            ("posterior.hidden", image { $0.posterior = .autoregressive(layers: 2, hidden: [4, 0]) }),
            ("latents", image { ($0.posterior, $0.latents) = (.autoregressive(layers: 2, hidden: [4]), 1) }),
            ("posterior.layers", image { $0.posterior = .sylvester(layers: 0, directions: 2) }),
            ("posterior.directions", image { $0.posterior = .sylvester(layers: 2, directions: 0) }),
            (
                "posterior.directions",
                image { ($0.posterior, $0.latents) = (.sylvester(layers: 2, directions: 4), 3) }
            ),
        ]
        rows += Configuration.knownAtTheirDraws.map { posterior in
            ("prior", image { ($0.posterior, $0.prior) = (posterior, .vamp(components: 4)) })
        }
        rows += variances.map { variance in
            ("likelihood.variance.value", image { $0.likelihood = .gaussian(variance: .fixed(variance)) })
        }
        return rows
    }()

    @Test("What describes no model is refused with the field and what is allowed", arguments: refused)
    func refusal(field: String, configuration: Configuration) throws {
        let found = #expect(throws: SettingsError.self) { try configuration.validate() }
        let error = try #require(found)
        let text = "\(error)"
        #expect(text.hasPrefix(field.hasSuffix(".") ? field : "\(field) is "))
        #expect(text.contains("; allowed: "))
        #expect(!text.contains("\n"))
        // A model refuses it in the same words, before it makes any weights.
        #expect(throws: error) { _ = try configuration.model() }
    }

    static let extremes: [Configuration] = [
        Configuration(exampleShape: [1], latents: 1, network: .mlp(hidden: [1])),
        Configuration(exampleShape: [1], latents: 1, network: .gated(hidden: [1])),
        Configuration(
            exampleShape: [1, 17, 23], latents: 1,
            network: .convolutional(channels: [2, 2, 2, 2], features: 1)),
        Configuration(
            exampleShape: [2, 2, 3], latents: 1, network: .convolutional(channels: [1], features: 1),
            likelihood: .gaussian(variance: .fixed(1e-3))),
        Configuration(exampleShape: [1], latents: 1, posterior: .planar(layers: 1)),
        Configuration(exampleShape: [1], latents: 1, posterior: .radial(layers: 1)),
        Configuration(exampleShape: [1], latents: 1, posterior: .sylvester(layers: 1, directions: 1)),
    ]

    @Test("The least that is allowed makes a model", arguments: extremes)
    func extreme(_ configuration: Configuration) throws {
        let model = try configuration.model()
        var noise = Generator(seed: 1)
        let terms = model.terms(for: configuration.examples(2), using: &noise)
        #expect(terms.logLikelihood.shape == [1, 2])
        #expect(terms.logLikelihood.isFinite().allTrue())
    }

    @Test("Every network and likelihood comes back from JSON as it was", arguments: Configuration.all)
    func roundTrip(_ configuration: Configuration) throws {
        #expect(try decoded(JSONEncoder().encode(configuration)) == configuration)
    }

    @Test("Every activation comes back from JSON", arguments: Activation.allCases)
    func activations(_ activation: Activation) throws {
        let configuration = Configuration(
            exampleShape: [3], network: .mlp(hidden: [4, 5], activation: activation),
            likelihood: .gaussian(variance: .fixed(0.1 + 0.2)))
        #expect(try decoded(JSONEncoder().encode(configuration)) == configuration)
    }

    @Test("The form of the JSON is fixed")
    func form() throws {
        let json = """
            {"exampleShape": [1, 28, 28], "latents": 5,
            "likelihood": {"kind": "gaussian", "variance": {"kind": "fixed", "value": 0.5}},
            "network": {"kind": "mlp", "activation": "leaky-relu", "hidden": [400, 200]}, "prior": "vamp"}
            """
        let expected = Configuration(
            exampleShape: [1, 28, 28], latents: 5,
            network: .mlp(hidden: [400, 200], activation: .leakyReLU),
            likelihood: .gaussian(variance: .fixed(0.5)), prior: .vamp(components: 500))
        #expect(try decoded(Data(json.utf8)) == expected)
    }

    @Test("Every registered part comes back from JSON, by its bare name too")
    func parts() throws {
        let kinds =
            GaussianVAE.networks.kinds + GaussianVAE.likelihoods.kinds + GaussianVAE.variances.kinds
            + GaussianVAE.posteriors.kinds + GaussianVAE.priors.kinds
        for kind in kinds {
            let choice = kind.init()
            let read = try kind.init(JSONValue(parsing: Data(choice.json.text.utf8)))
            #expect(isEqual(read, choice), "\(kind.kind)")
        }
        for name in GaussianVAE.priors.names {
            #expect(try Configuration(["prior": .text(name)]).json["prior"]?.kind == name)
        }
    }

    @Test(
        "What names no variance is refused",
        arguments: [
            #""best""#, #""""#, "true", "null", "[1]", "{}", "0.5", #"{"kind":"pixel","head":"cube"}"#,
        ])
    func noVariance(_ json: String) {
        let text = #"{"likelihood": {"kind": "gaussian", "variance": \#(json)}}"#
        #expect(throws: SettingsError.self) { try decoded(Data(text.utf8)) }
    }

    func decoded(_ json: Data) throws -> Configuration {
        try JSONDecoder().decode(Configuration.self, from: json)
    }
}
