import VAE

/// A hierarchy of two latents: z2 ~ Laplace, z1 ~ N(μ(z2), σ²(z2)), x ~ Bernoulli(G(z1, z2)).
///
/// The encoder goes up from x once; the posterior of z1 looks at both x and the z2 that was drawn.
final class TwoLevelVAE: LatentVariableModel {
    private let recipe: TwoLevelRecipe
    private let encoder, top, down, decoder: Sequential
    private let prior, posterior: Linear

    init(_ recipe: TwoLevelRecipe, using generator: inout Generator) {
        func layers(_ inputs: Int, _ outputs: Int, hidden: Int) -> Sequential {
            Sequential([
                Linear(inputs: inputs, outputs: hidden, activation: .relu, using: &generator),
                Linear(inputs: hidden, outputs: outputs, using: &generator),
            ])
        }
        let (pixels, width) = (recipe.exampleShape.reduce(1, *), recipe.width)
        self.recipe = recipe
        encoder = layers(pixels, width, hidden: width)
        top = layers(width, 2 * recipe.top, hidden: width)
        down = layers(recipe.top, width, hidden: width)
        prior = Linear(inputs: width, outputs: 2 * recipe.bottom, using: &generator)
        posterior = Linear(inputs: 2 * width, outputs: 2 * recipe.bottom, using: &generator)
        decoder = layers(recipe.bottom + width, pixels, hidden: width)
    }

    func callAsFunction(_ walk: Walk) -> any Distribution {
        let features = walk.evidence { encoder($0.flattened(from: 1)).relu() }
        let z2 = walk.latent(
            "z2", prior: Laplace(shape: [recipe.top]),
            posterior: features.map { DiagonalGaussian(parameters: top($0)) })
        let h = down(z2).relu()
        let z1 = walk.latent(
            "z1", prior: DiagonalGaussian(parameters: prior(h)),
            posterior: features.map { features in
                let both = [h, features.broadcast(to: h.shape)]
                return DiagonalGaussian(parameters: posterior(.concatenated(both, along: -1)))
            })
        let logits = decoder(.concatenated([z1, h], along: -1))
        return Bernoulli(logits: logits.reshaped(h.shape.dropLast() + recipe.exampleShape), eventRank: 3)
    }
}

/// The settings of the model: each is declared once, for config.json, checks, options and help.
struct TwoLevelRecipe: ModelRecipe {
    var exampleShape = [1, 28, 28]
    var top = 8
    var bottom = 16
    var width = 256

    static let kind = "two-level"
    static let help = "Two levels of latents under a Laplace prior."
    static var settings: [Setting<TwoLevelRecipe>] {
        [
            .integers("exampleShape", \.exampleShape, in: 1...4096, count: 3...3),
            .integer("top", \.top, in: 1...4096, .option("top", help: "The size of z2.")),
            .integer("bottom", \.bottom, in: 1...4096, .option("bottom", help: "The size of z1.")),
            .integer("width", \.width, in: 1...4096, .option("width", help: "The width of the layers.")),
        ]
    }

    var isOverLevels: Bool { false }
    var title: String { "A two-level VAE" }
    var summary: String { "two levels of \(top) and \(bottom) latents, layers of \(width)" }

    func makeModel(using generator: inout Generator) throws -> any LatentVariableModel {
        try validate()
        return TwoLevelVAE(self, using: &generator)
    }
}
