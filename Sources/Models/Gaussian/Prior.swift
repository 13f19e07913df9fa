import Flows
import Layers
import Probability
import Tensors

/// p(z), with parameters λ of its own.
protocol Prior: Module {
    /// p(z) over `[latents]`; `encoder` is q(z | x), which a prior may be made of.
    func callAsFunction(_ encoder: GaussianEncoder) -> any Distribution
}

extension GaussianVAE.PriorFamily {
    /// The prior of a configuration.
    func make(_ configuration: GaussianVAE.Configuration, using generator: inout Generator) -> any Prior {
        let size = configuration.latents
        switch self {
        case .standard: return StandardPrior(size)
        case .learned: return LearnedPrior(size)
        case .mixture(let components): return MixturePrior(components, size, using: &generator)
        case .vamp(let components): return VampPrior(components, configuration, using: &generator)
        case .flow(let layers, let hidden): return FlowPrior(size, layers, hidden, using: &generator)
        }
    }
}

/// N(0, I).
private final class StandardPrior: Prior {
    private let size: Int

    init(_ size: Int) { self.size = size }

    func callAsFunction(_ encoder: GaussianEncoder) -> any Distribution { DiagonalGaussian.standard(size) }
}

/// N(μ, diag σ²), which begins as N(0, I).
private final class LearnedPrior: Prior {
    private let mean: Parameter
    private let logVariance: Parameter

    init(_ size: Int) {
        mean = Parameter(.zeros([size]))
        logVariance = Parameter(.zeros([size]))
    }

    func callAsFunction(_ encoder: GaussianEncoder) -> any Distribution {
        DiagonalGaussian(mean: mean.value, logVariance: logVariance.value)
    }
}

/// Σ_k π_k N(μ_k, diag σ_k²), whose centres begin as draws of N(0, I).
private final class MixturePrior: Prior {
    private let logits: Parameter
    private let means: Parameter
    private let logVariances: Parameter

    init(_ components: Int, _ size: Int, using generator: inout Generator) {
        logits = Parameter(.zeros([components]))
        means = Parameter(generator.normal([components, size]))
        logVariances = Parameter(.zeros([components, size]))
    }

    func callAsFunction(_ encoder: GaussianEncoder) -> any Distribution {
        Mixture(
            logits: logits.value,
            components: DiagonalGaussian(mean: means.value, logVariance: logVariances.value))
    }
}

/// 1/K Σ_k q(z | u_k), the posteriors of learned pseudo-inputs u: the aggregated posterior with few terms.
///
/// Source: Tomczak, Welling 2018, "VAE with a VampPrior", eq. 9, arXiv:1705.07120.
private final class VampPrior: Prior {
    private let pseudoInputs: Parameter
    /// Whether examples lie in [0, 1], where a sigmoid keeps the pseudo-inputs as well.
    private let isBounded: Bool

    init(_ components: Int, _ configuration: GaussianVAE.Configuration, using generator: inout Generator) {
        isBounded = configuration.likelihood.isBounded
        let noise = generator.normal([components] + configuration.exampleShape)
        // Mostly dark, as the pictures are that this was made for, and unlike one another.
        pseudoInputs = Parameter(isBounded ? noise - 3 : noise)
    }

    func callAsFunction(_ encoder: GaussianEncoder) -> any Distribution {
        let inputs = pseudoInputs.value
        return Mixture(
            logits: .zeros([inputs.size(along: 0)]),
            components: encoder(isBounded ? inputs.sigmoid() : inputs))
    }
}

/// What becomes of N(0, I) in affine couplings.
///
/// Source: MIPT Deep Generative Models 6; Chen et al. 2017, "Variational lossy autoencoder", section 3.2,
/// arXiv:1611.02731, with couplings in place of autoregressive layers.
private final class FlowPrior: Prior {
    private let flow: VectorRealNVP
    private let size: Int

    init(_ size: Int, _ layers: Int, _ hidden: [Int], using generator: inout Generator) {
        self.size = size
        flow = VectorRealNVP(size: size, layers: layers, hidden: hidden, using: &generator)
    }

    func callAsFunction(_ encoder: GaussianEncoder) -> any Distribution {
        TransformedDistribution(DiagonalGaussian.standard(size), by: flow)
    }
}
