import Layers
import Models
import Tensors
import Testing

/// Small networks of every kind for an example's shape; convolutions for images only.
func networks(for exampleShape: [Int]) -> [GaussianVAE.Network] {
    let connected: [GaussianVAE.Network] = [
        .mlp(hidden: [9, 7]), .mlp(hidden: [8], activation: .tanh), .gated(hidden: [6, 8]),
    ]
    guard exampleShape.count == 3 else { return connected }
    return connected + [.convolutional(channels: [4, 6], features: 10)]
}

/// Both families of p(x | z).
let likelihoods: [GaussianVAE.LikelihoodFamily] = [.bernoulli, .gaussian(variance: 0.5)]

extension GaussianVAE.Configuration {
    /// Every network and likelihood over images of even and odd sizes, of one channel and three, and rows.
    static let all: [GaussianVAE.Configuration] = {
        let shapes = [[1, 28, 28], [3, 32, 32], [1, 17, 23], [3, 20, 28], [13]]
        return shapes.flatMap { shape in
            networks(for: shape).flatMap { network in
                likelihoods.map { likelihood in
                    GaussianVAE.Configuration(
                        exampleShape: shape, latents: 3, network: network, likelihood: likelihood)
                }
            }
        }
    }()

    /// The model with weights of a seed.
    func model(seed: UInt64 = 1) throws -> GaussianVAE {
        var generator = Generator(seed: seed)
        return try GaussianVAE(self, using: &generator)
    }

    /// Examples of zeros and ones, which both likelihoods take.
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
}
