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
