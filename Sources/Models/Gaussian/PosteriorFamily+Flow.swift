import Flows
import Layers
import Probability
import Tensors

// The posteriors that are a flow: N(μ(x), diag σ²(x)), then layers. What determines the layers depends on x too: the
// encoder gives it for each example, all of it for planar, radial and Sylvester maps, a context for autoregressive ones.
// Sources: Rezende, Mohamed 2015, arXiv:1505.05770; Kingma et al. 2016, arXiv:1606.04934, algorithm 1, with the affine
// form in place of the gate; van den Berg et al. 2018, arXiv:1803.05649.
extension GaussianVAE.PosteriorFamily {
    /// How many numbers the encoder gives for each layer of a flow, part by part.
    func layerSizes(forLatents size: Int) -> [Int] {
        switch self {
        case .diagonal, .isotropic, .full, .lowRank, .deterministic: []
        case .planar: [size, size, 1]
        case .radial: [size, 1, 1]
        // The context goes straight into the first hidden layer: the map that would bring it there is the encoder's.
        case .autoregressive(_, let hidden): [hidden[0]]
        case .sylvester(_, let directions):
            [directions * size, directions * directions, directions, directions]
        }
    }

    /// The weights of the family itself, beside the encoder's; `nil` where it has none.
    func makeFlow(forLatents size: Int, using generator: inout Generator) -> MaskedAutoregressiveFlow? {
        guard case .autoregressive(let layers, let hidden) = self else { return nil }
        return MaskedAutoregressiveFlow(
            size: size, layers: layers, hidden: hidden, takesContext: true, using: &generator)
    }

    /// q(z | x) of the families that are a flow, as `distribution` has it.
    func flowDistribution(_ output: Tensor, size: Int, flow: MaskedAutoregressiveFlow?) -> any Posterior {
        let sizes = layerSizes(forLatents: size)
        let parts = output.split([2 * size, output.size(along: -1) - 2 * size], along: -1)
        let (mean, logVariance) = VarianceHead.exp.parameters(of: parts[0])
        let layers = parts[1].reshaped(output.shape.dropLast() + [-1, sizes.reduce(0, +)])
        func amortized(_ make: ([Tensor]) -> any InvertibleMap) -> any InvertibleMap {
            Chain(
                (0..<layers.size(along: -2)).map {
                    make(layers.selected($0, along: -2).split(sizes, along: -1))
                })
        }
        let map: any InvertibleMap
        switch self {
        case .diagonal, .isotropic, .full, .lowRank, .deterministic:
            preconditionFailure("\(self) is not a flow")
        case .planar: map = amortized { PlanarMap(step: $0[0], normal: $0[1], offset: $0[2]) }
        case .radial: map = amortized { RadialMap(centre: $0[0], reach: $0[1], spread: $0[2]) }
        case .autoregressive: map = Inverted(flow!.conditioned(on: layers))
        case .sylvester(_, let directions):
            map = amortized { parts in
                let leading = parts[0].shape.dropLast()
                return SylvesterMap(
                    reflections: parts[0].reshaped(leading + [directions, size]),
                    triangles: parts[1].reshaped(leading + [directions, directions]), diagonal: parts[2],
                    offset: parts[3])
            }
        }
        return TransformedDistribution(DiagonalGaussian(mean: mean, logVariance: logVariance), by: map)
    }
}
