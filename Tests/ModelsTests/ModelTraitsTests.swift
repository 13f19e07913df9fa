import Bounds
import Datasets
import Models
import Probability
import Tensors
import Testing

@Suite("Traits of models")
struct ModelTraitsTests {
    typealias Configuration = GaussianVAE.Configuration

    static func traits(_ configuration: Configuration) throws -> ModelTraits {
        let classes = configuration.classes == 0 ? nil : [0]
        return ModelTraits(
            of: try configuration.model(),
            example: Batch(.zeros([1] + configuration.exampleShape), classes: classes))
    }

    static func configuration(_ change: (inout Configuration) -> Void) -> Configuration {
        var configuration = Configuration(
            exampleShape: [4], latents: 3, network: .mlp(hidden: [5]),
            likelihood: .gaussian(variance: .fixed(0.5)))
        change(&configuration)
        return configuration
    }

    static let units: Set<LatentTrait> = [
        .hasPrior, .isKnownEverywhere, .dependsOnExamplesAlone, .isDetachable, .hasIndependentUnits,
        .hasUnitRates, .hasIndependentDraws,
    ]
    static let correlated: Set<LatentTrait> = [
        .hasPrior, .isKnownEverywhere, .dependsOnExamplesAlone, .isDetachable, .hasIndependentDraws,
    ]
    static let drawsAlone: Set<LatentTrait> = [
        .hasPrior, .dependsOnExamplesAlone, .hasIndependentDraws,
    ]

    /// What objectives and estimators may ask of each family.
    static let rows: [(Configuration, Set<LatentTrait>)] = [
        (configuration { _ in }, units),
        (configuration { $0.posterior = .diagonal(head: .softplus) }, units),
        (configuration { $0.posterior = .isotropic }, units),
        (configuration { $0.posterior = .full }, correlated),
        (configuration { $0.posterior = .lowRank(directions: 2) }, correlated),
        (
            configuration { $0.posterior = .autoregressive(layers: 2, hidden: [4]) },
            drawsAlone.union([.isKnownEverywhere])
        ),
        (configuration { $0.posterior = .planar(layers: 2) }, drawsAlone),
        (configuration { $0.posterior = .radial(layers: 2) }, drawsAlone),
        (configuration { $0.posterior = .sylvester(layers: 2, directions: 2) }, drawsAlone),
        (configuration { $0.posterior = .deterministic }, drawsAlone),
        (
            configuration {
                $0.posterior = .deterministic
                $0.prior = .none
            }, []
        ),
        (configuration { $0.prior = .learned }, units),
        (
            configuration {
                $0.prior = .learned
                $0.classes = 3
            }, units
        ),
        (configuration { $0.classes = 3 }, units),
        (
            configuration {
                $0.posterior = .isotropic
                $0.prior = .learned
            }, units
        ),
        (
            configuration {
                $0.posterior = .full
                $0.prior = .learned
            }, correlated
        ),
        (configuration { $0.prior = .mixture(components: 2) }, units.subtracting([.hasUnitRates])),
        (configuration { $0.prior = .vamp(components: 2) }, units.subtracting([.hasUnitRates])),
        (configuration { $0.prior = .flow(layers: 2, hidden: [4]) }, units.subtracting([.hasUnitRates])),
        (
            configuration { $0.prior = .autoregressive(layers: 2, hidden: [4]) },
            units.subtracting([.hasUnitRates])
        ),
        (configuration { $0.prior = .spline(layers: 2, hidden: [4]) }, units.subtracting([.hasUnitRates])),
        (configuration { $0.prior = .aggregated(count: 5) }, units.subtracting([.hasUnitRates])),
        (configuration { $0.likelihood = .bernoulli }, units),
        (configuration { $0.likelihood = .categorical }, units),
        (configuration { $0.likelihood = .gaussian(variance: .learned) }, units),
        (configuration { $0.likelihood = .gaussian(variance: .pixel(head: .exp)) }, units),
        (
            configuration { $0.likelihood = .gaussian(variance: .optimal) },
            units.subtracting([.hasIndependentDraws])
        ),
        (configuration { $0.dequantization = .uniform }, units.subtracting([.hasIndependentDraws])),
        (
            configuration { $0.dequantization = .variational },
            units.subtracting([.hasIndependentDraws, .isDetachable])
        ),
        (
            configuration {
                $0.dequantization = .variational
                $0.posterior = .full
            },
            [.hasPrior, .isKnownEverywhere, .dependsOnExamplesAlone]
        ),
    ]

    @Test(
        "What may be asked of its latents depends on posterior, prior, likelihood and noise",
        arguments: rows.indices)
    func latentTraits(place: Int) throws {
        let (configuration, expected) = Self.rows[place]
        let traits = try Self.traits(configuration)
        #expect(traits.latentTraits == expected, "\(configuration)")
        #expect(
            traits.latents.map(\.name) == ["z"] && traits.latents.map(\.shape) == [[3]] && traits.units == 3)
    }

    @Test("An autoencoder has no likelihood, a Bernoulli none of grey values")
    func losses() throws {
        let vae = try Self.traits(Self.configuration { _ in })
        #expect(vae.hasPrior && vae.hasSplit && !vae.isExact && !vae.isAutoencoder && !vae.isBinary)
        #expect(vae.boundKind(seesBinary: false) == .bound)
        let binary = try Self.traits(Self.configuration { $0.likelihood = .bernoulli })
        #expect(binary.isBinary)
        #expect(binary.boundKind(seesBinary: true) == .bound && binary.boundKind(seesBinary: false) == .loss)
        for hasPrior in [true, false] {
            let autoencoder = try Self.traits(
                Self.configuration {
                    $0.posterior = .deterministic
                    if !hasPrior { $0.prior = .none }
                })
            #expect(autoencoder.isAutoencoder && !autoencoder.hasSplit && autoencoder.hasPrior == hasPrior)
            #expect(autoencoder.boundKind(seesBinary: true) == .loss)
        }
    }

    @Test("A density of bare levels bounds no probability, which a loss and zeros and ones come before")
    func densities() throws {
        let vae = try Self.traits(Self.configuration { _ in })
        #expect(vae.boundKind(seesBinary: false, seesBareLevels: true) == .density)
        let binary = try Self.traits(Self.configuration { $0.likelihood = .bernoulli })
        #expect(binary.boundKind(seesBinary: false, seesBareLevels: true) == .loss)
    }

    @Test("A Bernoulli of images in color is one of color values", arguments: [(1, "grey"), (3, "color")])
    func colors(channels: Int, name: String) throws {
        let configuration = Self.configuration {
            $0.likelihood = .bernoulli
            $0.exampleShape = [channels, 4, 4]
        }
        let traits = ModelTraits(
            of: try configuration.model(), example: Batch(.zeros([1, channels, 4, 4])))
        #expect(traits.isColor == (channels == 3))
        #expect(traits.lossReason(seesBinary: false) == "\(name) values under a Bernoulli")
    }

    @Test("A flow has no split, is exact without noise, and its code has the shape of an example")
    func flows() throws {
        for configuration in FlowModelTests.configurations {
            let traits = ModelTraits(
                of: try FlowModelTests.model(configuration),
                example: Batch(.zeros([1] + configuration.exampleShape)))
            #expect(traits.latentTraits.isEmpty && traits.hasPrior && !traits.hasSplit)
            #expect(traits.isExact == (configuration.dequantization == .none))
            #expect(traits.boundKind(seesBinary: false) == (traits.isExact ? .exact : .bound))
            #expect(traits.latents.map(\.name) == ["z"])
            #expect(traits.latents.map(\.shape) == [configuration.exampleShape])
            #expect(traits.units == configuration.dimensions)
        }
    }

    @Test("Finding them changes nothing of the model")
    func unchanged() throws {
        let model = try Self.configuration { $0.likelihood = .gaussian(variance: .optimal) }.model()
        let batch = Batch(.ones([2, 4]))
        let noise = Generator(seed: 1)
        _ = ModelTraits(of: model, example: Batch(.zeros([1, 4])))
        let first = model.trace(of: batch, using: noise)
        _ = ModelTraits(of: model, example: Batch(.zeros([1, 4])))
        #expect(
            model.trace(of: batch, using: noise).logWeights().array(of: Float.self)
                == first.logWeights().array(of: Float.self))
        #expect(!first.likelihood.couplesOutcomes)
    }
}
