import Flows
import Layers
import Probability
import Tensors

/// p(z), with parameters λ of its own.
protocol Prior: Module {
    /// p(z) over `[latents]`, or p(z | y) over `[batch, latents]` where it depends on the class.
    ///
    /// - Parameters:
    ///   - encoder: q(z | x), which a prior may be made of.
    ///   - classes: One-hot `[batch, classes]`, in a model of classes.
    /// - Returns: The distribution.
    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution

    /// Whether there is one for each class.
    var dependsOnClass: Bool { get }
}

extension Prior {
    var dependsOnClass: Bool { false }
}

extension GaussianVAE.PriorFamily {
    /// The prior of a configuration.
    func make(_ configuration: GaussianVAE.Configuration, using generator: inout Generator) -> (any Prior)? {
        let size = configuration.latents
        switch self {
        case .none: return nil
        case .aggregated(let count): return AggregatedPrior(count, size)
        case .standard: return StandardPrior(size)
        case .learned: return LearnedPrior(size, classes: configuration.classes)
        case .mixture(let components): return MixturePrior(components, size, using: &generator)
        case .vamp(let components): return VampPrior(components, configuration, using: &generator)
        case .flow(let layers, let hidden):
            return FlowPrior(
                size, CouplingFlow.affine(size: size, layers: layers, hidden: hidden, using: &generator))
        case .autoregressive(let layers, let hidden):
            return FlowPrior(
                size, MaskedAutoregressiveFlow(size: size, layers: layers, hidden: hidden, using: &generator))
        case .spline(let layers, let hidden):
            return FlowPrior(
                size, CouplingFlow.spline(size: size, layers: layers, hidden: hidden, using: &generator))
        }
    }
}

/// N(0, I).
private final class StandardPrior: Prior {
    private let size: Int

    init(_ size: Int) { self.size = size }

    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution {
        DiagonalGaussian.standard(size)
    }
}

/// N(μ, diag σ²), or N(μ_y, diag σ_y²) for each class y, which begins as N(0, I).
private final class LearnedPrior: Prior {
    private let mean: Parameter
    private let logVariance: Parameter
    let dependsOnClass: Bool

    init(_ size: Int, classes: Int) {
        dependsOnClass = classes > 0
        let shape = dependsOnClass ? [classes, size] : [size]
        mean = Parameter(.zeros(shape))
        logVariance = Parameter(.zeros(shape))
    }

    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution {
        guard dependsOnClass, let classes else {
            return DiagonalGaussian(mean: mean.value, logVariance: logVariance.value)
        }
        return DiagonalGaussian(
            mean: classes.matmul(mean.value), logVariance: classes.matmul(logVariance.value))
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

    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution {
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

    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution {
        let inputs = pseudoInputs.value
        return Mixture(
            logits: .zeros([inputs.size(along: 0)]),
            components: encoder(isBounded ? inputs.sigmoid() : inputs))
    }
}

/// What becomes of N(0, I) in a flow, whose inverse is the quick direction: training asks for densities.
///
/// Source: MIPT Deep Generative Models 6; Chen et al. 2017, "Variational lossy autoencoder", section 3.2,
/// arXiv:1611.02731, for autoregressive layers.
private final class FlowPrior: Prior {
    private let flow: any Bijector & Module
    private let size: Int

    init(_ size: Int, _ flow: any Bijector & Module) {
        self.size = size
        self.flow = flow
    }

    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution {
        TransformedDistribution(DiagonalGaussian.standard(size), by: flow)
    }
}

/// 1/N Σ_n q(z | x_n) over the training examples, whose codes it remembers.
final class AggregatedPrior: Prior {
    private let means: Buffer
    private let logVariances: Buffer

    init(_ count: Int, _ size: Int) {
        means = Buffer(.zeros([count, size]))
        logVariances = Buffer(.zeros([count, size]))
    }

    func set(means: Tensor, logVariances: Tensor) {
        self.means.value.copy(from: means)
        self.logVariances.value.copy(from: logVariances)
    }

    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution {
        Mixture(
            logits: .zeros([means.value.size(along: 0)]),
            components: DiagonalGaussian(mean: means.value, logVariance: logVariances.value))
    }
}
