import Layers
import Models
import Tensors
import Testing

/// Small networks of every kind for an example's shape; convolutions for images only.
func networks(for exampleShape: [Int]) -> [any NetworkRecipe] {
    let connected: [any NetworkRecipe] = [
        .mlp(hidden: [9, 7]), .mlp(hidden: [8], activation: .tanh), .gated(hidden: [6, 8]),
    ]
    guard exampleShape.count == 3 else { return connected }
    return connected + [.convolutional(channels: [4, 6], features: 10)]
}

/// The plainest families of p(x | z).
let likelihoods: [any LikelihoodRecipe] = [.bernoulli, .gaussian(variance: .fixed(0.5))]

extension GaussianVAE.Configuration {
    /// Every network and likelihood over images of even and odd sizes, of one channel and three, and rows.
    static let all: [GaussianVAE.Configuration] = {
        let shapes = [[1, 28, 28], [3, 32, 32], [1, 17, 23], [3, 20, 28], [13]]
        let plain = shapes.flatMap { shape in
            networks(for: shape).flatMap { network in
                likelihoods.map { likelihood in
                    GaussianVAE.Configuration(
                        exampleShape: shape, latents: 3, network: network, likelihood: likelihood)
                }
            }
        }
        let withPriors = priors.flatMap { prior in
            likelihoods.map { likelihood in
                GaussianVAE.Configuration(
                    exampleShape: [1, 9, 8], latents: 3, network: .gated(hidden: [7]), likelihood: likelihood,
                    prior: prior)
            }
        }
        let withLikelihoods = combinations(of: levelLikelihoods, with: [([3, 9, 8], 2), ([2, 5, 4], 1)])
        let withVariances = combinations(
            of: variances.map { .gaussian(variance: $0) }, with: [([3, 9, 8], 2), ([13], 1)])
        let withPosteriors = posteriors.flatMap { posterior in
            let priors: [any PriorRecipe] =
                !posterior.hasQuickDensity
                ? [.standard, .spline(layers: 2, hidden: [5])] : [.standard, .vamp(components: 4)]
            return priors.map { prior in
                GaussianVAE.Configuration(
                    exampleShape: [1, 5, 4], latents: 3, network: .mlp(hidden: [7]), prior: prior,
                    posterior: posterior)
            }
        }
        // Halved three times, the image is one place, and z all that is there.
        let residual = ([.bernoulli, .logisticMixture(components: 2)] as [any LikelihoodRecipe]).map {
            GaussianVAE.Configuration(
                exampleShape: [1, 9, 8], latents: 3, network: .residual(channels: [8, 4, 6], blocks: 1),
                likelihood: $0)
        }
        return residual + plain + withPriors + withLikelihoods + withVariances + withPosteriors
    }()

    /// Each likelihood with the last few of the networks for each shape.
    private static func combinations(
        of likelihoods: [any LikelihoodRecipe], with shapes: [(shape: [Int], networks: Int)]
    ) -> [GaussianVAE.Configuration] {
        likelihoods.flatMap { likelihood in
            shapes.flatMap { shape, count in
                networks(for: shape).suffix(count).map { network in
                    GaussianVAE.Configuration(
                        exampleShape: shape, latents: 3, network: network, likelihood: likelihood)
                }
            }
        }
    }

    /// The likelihoods whose examples lie in [0, 1], ends included.
    static let levelLikelihoods: [any LikelihoodRecipe] = [
        .continuousBernoulli, .categorical, .discretizedLogistic, .discretizedGaussian,
        .logisticMixture(components: 2), .betaBinomial,
    ]

    /// Every variance of a Gaussian likelihood but the fixed one.
    static let variances: [any VarianceRecipe] =
        [.learned, .optimal] + VarianceHead.allCases.map { .pixel(head: $0) }

    /// Every posterior but the plain one.
    static let posteriors: [any PosteriorRecipe] =
        VarianceHead.allCases.dropFirst().map { .diagonal(head: $0) } + [
            .isotropic, .full, .lowRank(directions: 2),
        ] + knownAtTheirDraws

    /// The posteriors whose density no outcome has, or soon has, but their own draws.
    static let knownAtTheirDraws: [any PosteriorRecipe] = [
        .planar(layers: 2), .radial(layers: 3), .autoregressive(layers: 2, hidden: [6, 7]),
        .sylvester(layers: 2, directions: 2),
    ]

    /// Every prior but the standard one.
    static let priors: [any PriorRecipe] = [
        .learned, .mixture(components: 4), .vamp(components: 5), .flow(layers: 3, hidden: [6]),
        .autoregressive(layers: 2, hidden: [6]), .spline(layers: 3, hidden: [6]),
    ]

    /// The model with weights of a seed.
    func model(seed: UInt64 = 1) throws -> GaussianVAE {
        var generator = Generator(seed: seed)
        return try GaussianVAE(self, using: &generator)
    }

    /// Examples of zeros and ones, which all likelihoods take.
    func examples(_ count: Int) -> Tensor {
        var generator = Generator(seed: 7)
        return (generator.uniform([count] + exampleShape) .< 0.5).converted(to: .float32)
    }
}

extension ModuleState {
    /// The parameter of a key.
    func parameter(_ key: String) throws -> Parameter {
        try #require(parameters.first { $0.key == key }?.parameter, "no parameter '\(key)'")
    }

    /// The buffer of a key.
    func buffer(_ key: String) throws -> Buffer {
        try #require(buffers.first { $0.key == key }?.buffer, "no buffer '\(key)'")
    }
}
