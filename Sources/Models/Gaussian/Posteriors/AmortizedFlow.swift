import Layers
import Probability
import Settings
import Tensors

// The posteriors that are a flow: N(μ(x), diag σ²(x)), then layers. What determines the layers depends on x too: the
// encoder gives it for each example, all of it for planar, radial and Sylvester maps, a context for autoregressive ones.
// Sources: Rezende, Mohamed 2015, arXiv:1505.05770; Kingma et al. 2016, arXiv:1606.04934, algorithm 1, with the affine
// form in place of the gate; van den Berg et al. 2018, arXiv:1803.05649.

/// How a network's output becomes a Gaussian and the layers that it goes through.
struct AmortizedFlow {
    /// The size of z.
    let size: Int
    /// How many layers.
    let layers: Int
    /// How many numbers the encoder gives for each layer, part by part.
    let layerSizes: [Int]

    /// How many numbers the encoder gives in all.
    var outputs: Int { 2 * size + layers * layerSizes.reduce(0, +) }

    /// The Gaussian, and what there is for the layers, `[batch, layers, numbers]`.
    func parts(of output: Tensor) -> (base: DiagonalGaussian, layers: Tensor) {
        let parts = output.split([2 * size, output.size(along: -1) - 2 * size], along: -1)
        let (mean, logVariance) = VarianceHead.exp.parameters(of: parts[0])
        return (
            DiagonalGaussian(mean: mean, logVariance: logVariance),
            parts[1].reshaped(output.shape.dropLast() + [-1, layerSizes.reduce(0, +)])
        )
    }

    /// A head whose layers the encoder determines whole.
    func head(_ map: @escaping ([Tensor]) -> any InvertibleMap) -> any PosteriorHead {
        PlainPosteriorHead { output in
            let (base, parameters) = parts(of: output)
            let maps = (0..<parameters.size(along: -2)).map {
                map(parameters.selected($0, along: -2).split(layerSizes, along: -1))
            }
            return TransformedDistribution(base, by: Chain(maps))
        }
    }

    /// The setting of the number of layers.
    static func layersSetting<Root: Configurable>(
        _ path: WritableKeyPath<Root, Int> & Sendable
    ) -> Setting<Root> {
        .integer(
            "layers", path, in: Limits.layers, .option("posterior-layers", help: "Layers of the posterior."))
    }
}
