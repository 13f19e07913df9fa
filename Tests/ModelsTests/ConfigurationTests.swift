import Bounds
import Foundation
import Layers
import Models
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
        let networks: [GaussianVAE.Network] = [
            .mlp(hidden: []), .gated(hidden: []), .mlp(hidden: [0]), .mlp(hidden: [8, -1, 8]),
            .gated(hidden: [65_537]), .convolutional(channels: [], features: 8),
            .convolutional(channels: [4, 0], features: 8), .convolutional(channels: [4], features: 0),
            // 17 can be halved four times.
            .convolutional(channels: [4, 4, 4, 4, 4], features: 8),
        ]
        let priors: [GaussianVAE.PriorFamily] = [
            .mixture(components: 0), .vamp(components: -1), .vamp(components: 65_537),
        ]
        let variances: [Double] = [0, -1, .infinity, .nan]
        let flat = Configuration(exampleShape: [13], network: .convolutional(channels: [4], features: 8))

        var rows: [(String, Configuration)] = [("network", flat)]
        rows += shapes.map { ("exampleShape", Configuration(exampleShape: $0)) }
        rows += latents.map { count in ("latents", image { $0.latents = count }) }
        rows += networks.map { network in ("network", image { $0.network = network }) }
        rows += [
            ("directions", image { $0.posterior = .lowRank(directions: 0) }),
            ("directions", image { ($0.posterior, $0.latents) = (.lowRank(directions: 4), 3) }),
            ("latents", image { ($0.posterior, $0.latents) = (.full, 513) }),
            ("likelihood components", image { $0.likelihood = .logisticMixture(components: 0) }),
            ("likelihood", Configuration(exampleShape: [13], likelihood: .logisticMixture(components: 2))),
        ]
        rows += priors.map { prior in ("components", image { $0.prior = prior }) }
        rows += [
            ("flow layers", image { $0.prior = .flow(layers: 0, hidden: [4]) }),
            ("flow widths", image { $0.prior = .flow(layers: 2, hidden: []) }),
            ("flow widths", image { $0.prior = .flow(layers: 2, hidden: [0]) }),
            ("latents", image { ($0.prior, $0.latents) = (.flow(layers: 2, hidden: [4]), 1) }),
            ("flow layers", image { $0.prior = .autoregressive(layers: 1001, hidden: [4]) }),
            ("flow widths", image { $0.prior = .autoregressive(layers: 2, hidden: []) }),
            ("latents", image { ($0.prior, $0.latents) = (.autoregressive(layers: 2, hidden: [4]), 1) }),
            ("flow layers", image { $0.prior = .spline(layers: -1, hidden: [4]) }),
            ("flow widths", image { $0.prior = .spline(layers: 2, hidden: [4, 65_537]) }),
            ("latents", image { ($0.prior, $0.latents) = (.spline(layers: 2, hidden: [4]), 1) }),
            ("posterior layers", image { $0.posterior = .planar(layers: 0) }),
            ("posterior layers", image { $0.posterior = .radial(layers: 1001) }),
            ("posterior layers", image { $0.posterior = .autoregressive(layers: 0, hidden: [4]) }),
            ("posterior widths", image { $0.posterior = .autoregressive(layers: 2, hidden: []) }),
            ("posterior widths", image { $0.posterior = .autoregressive(layers: 2, hidden: [4, 0]) }),
            ("latents", image { ($0.posterior, $0.latents) = (.autoregressive(layers: 2, hidden: [4]), 1) }),
            ("posterior layers", image { $0.posterior = .sylvester(layers: 0, directions: 2) }),
            ("directions", image { $0.posterior = .sylvester(layers: 2, directions: 0) }),
            ("directions", image { ($0.posterior, $0.latents) = (.sylvester(layers: 2, directions: 4), 3) }),
        ]
        rows += Configuration.knownAtTheirDraws.map { posterior in
            ("prior", image { ($0.posterior, $0.prior) = (posterior, .vamp(components: 4)) })
        }
        rows += variances.map { variance in
            ("variance", image { $0.likelihood = .gaussian(variance: .fixed(variance)) })
        }
        return rows
    }()

    @Test("What describes no model is refused with the field and what is allowed", arguments: refused)
    func refusal(field: String, configuration: Configuration) throws {
        let found = #expect(throws: ModelsError.self) { try configuration.validate() }
        let error = try #require(found)
        let text = "\(error)"
        #expect(text.hasPrefix("\(field) is "))
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
        let trace = model.trace(configuration.examples(2))
        #expect(trace.logLikelihood.shape == [1, 2])
        #expect(trace.logLikelihood.isFinite().allTrue())
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

    @Test("Runs of earlier versions are read: the form of the JSON is fixed")
    func form() throws {
        let json = """
            {"exampleShape": [1, 28, 28], "latents": 5, "likelihood": {"gaussian": {"variance": 0.5}},
            "network": {"mlp": {"activation": "leaky-relu", "hidden": [400, 200]}}}
            """
        let expected = Configuration(
            exampleShape: [1, 28, 28], latents: 5,
            network: .mlp(hidden: [400, 200], activation: .leakyReLU),
            likelihood: .gaussian(variance: .fixed(0.5)))
        #expect(try decoded(Data(json.utf8)) == expected)
    }

    static let variances: [(json: String, variance: GaussianVAE.LikelihoodVariance)] = [
        ("0.25", .fixed(0.25)), ("2", .fixed(2)), ("\"learned\"", .learned), ("\"optimal\"", .optimal),
        ("{\"pixel\":\"softplus\"}", .pixel(head: .softplus)),
    ]

    @Test("A fixed variance is written as the number it was before there were others", arguments: variances)
    func variance(json: String, variance: GaussianVAE.LikelihoodVariance) throws {
        let family = GaussianVAE.LikelihoodFamily.gaussian(variance: variance)
        let text = "{\"gaussian\":{\"variance\":\(json)}}"
        #expect(try String(decoding: JSONEncoder().encode(family), as: UTF8.self) == text)
        #expect(
            try JSONDecoder().decode(GaussianVAE.LikelihoodFamily.self, from: Data(text.utf8)) == family)
    }

    @Test(
        "What names no variance is refused",
        arguments: ["\"best\"", "\"\"", "true", "null", "[1]", "{}", "{\"pixel\":\"cube\"}"])
    func noVariance(_ json: String) {
        #expect(throws: DecodingError.self) {
            _ = try JSONDecoder().decode(
                [GaussianVAE.LikelihoodVariance].self, from: Data("[\(json)]".utf8))
        }
    }

    @Test("Families are written by name, and their numbers too")
    func families() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        func written(_ value: some Encodable) throws -> String {
            String(decoding: try encoder.encode(value), as: UTF8.self)
        }
        let priors: [(GaussianVAE.PriorFamily, String)] = [
            (.flow(layers: 2, hidden: [4]), #"{"flow":{"hidden":[4],"layers":2}}"#),
            (.autoregressive(layers: 2, hidden: [4]), #"{"autoregressive":{"hidden":[4],"layers":2}}"#),
            (.spline(layers: 2, hidden: [4]), #"{"spline":{"hidden":[4],"layers":2}}"#),
        ]
        for (family, json) in priors { #expect(try written(family) == json) }
        let posteriors: [(GaussianVAE.PosteriorFamily, String)] = [
            (.diagonal(), #"{"diagonal":{"head":"exp"}}"#),
            (.planar(layers: 2), #"{"planar":{"layers":2}}"#),
            (.radial(layers: 2), #"{"radial":{"layers":2}}"#),
            (.autoregressive(layers: 2, hidden: [4]), #"{"autoregressive":{"hidden":[4],"layers":2}}"#),
            (.sylvester(layers: 2, directions: 3), #"{"sylvester":{"directions":3,"layers":2}}"#),
        ]
        for (family, json) in posteriors { #expect(try written(family) == json) }
    }

    func decoded(_ json: Data) throws -> Configuration {
        try JSONDecoder().decode(Configuration.self, from: json)
    }
}
