import Foundation
import VAE

// Code of docs/WritingAModel.md that is in no example; DocumentationTests compares the two.

final class SmallVAE: LatentVariableModel {
    let encoder, decoder: Sequential

    init(pixels: Int, using generator: inout Generator) {
        encoder = Sequential([
            Linear(inputs: pixels, outputs: 128, activation: .relu, using: &generator),
            Linear(inputs: 128, outputs: 2 * 10, using: &generator),
        ])
        decoder = Sequential([
            Linear(inputs: 10, outputs: 128, activation: .relu, using: &generator),
            Linear(inputs: 128, outputs: pixels, using: &generator),
        ])
    }

    func callAsFunction(_ walk: Walk) -> any Distribution {
        let posterior = walk.evidence { x in DiagonalGaussian(parameters: encoder(x)) }
        let z = walk.latent("z", prior: DiagonalGaussian.standard(10), posterior: posterior)
        return Bernoulli(logits: decoder(z), eventRank: 1)
    }
}

struct ScaledPriorRecipe: PriorRecipe {
    var spread = 2.0

    static let kind = "scaled"
    static let help = "N(0, s² I) with a learned s."
    static var settings: [Setting<ScaledPriorRecipe>] {
        [.number("spread", \.spread, in: 1e-3...1e3, .option("spread", help: "Where s begins."))]
    }
    var summary: String? { "scaled prior" }

    func make(_ vae: GaussianVAE.Configuration, using generator: inout Generator) -> (any Prior)? {
        ScaledPrior(latents: vae.latents, spread: spread)
    }
}

final class ScaledPrior: Prior {
    private let logVariance: Parameter
    private let latents: Int

    init(latents: Int, spread: Double) {
        logVariance = Parameter(Tensor(2 * log(spread), dtype: .float32))
        self.latents = latents
    }

    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution {
        DiagonalGaussian(mean: .zeros([latents]), logVariance: logVariance.value)
    }
}

func trainWithScaledPrior(on splits: DataSplits, in folder: URL) throws -> Tensor {
    GaussianVAE.priors.register(ScaledPriorRecipe.self)
    let configuration = try RunConfiguration(
        ["model": ["prior": "scaled", "latents": 4], "training": ["epochs": 1]], on: splits)
    _ = try TrainingSession(configuration, data: splits, in: folder).train()
    let trained = try TrainedModel(opening: folder)
    let examples = trained.configuration.data.preprocessing.apply(
        to: try splits.heldOut.source.batch(0..<8), using: Generator(seed: 1))
    return trained.reconstruct(examples)
}

struct Halved: Objective {
    func rateWeight(at moment: Moment) -> Double { 0.5 }

    func sums(of trace: Trace, at moment: Moment) -> Sums {
        Sums(examples: trace.count, ["loss": (trace.bound.distortion + trace.bound.rate * 0.5).sum()])
    }
}

func fiveSteps(on batch: Batch) throws -> [Double] {
    var generator = Generator(seed: 1)
    let model = SmallVAE(pixels: 64, using: &generator)
    let state = ModuleState(model)
    let step = LearningStep(model, state: state, objective: Halved(), optimizer: Adam(state))
    return try (0..<5).compactMap { number in
        try step(
            on: batch, samples: 1, at: Moment(step: number), learningRate: 1e-3,
            using: generator.child(UInt64(number)))?.loss
    }
}
