import Bounds
import Layers
import Probability
import Tensors

/// Probabilistic principal component analysis: the linear model, whose exact posterior is its encoder.
///
///     p(z) = N(0, I),   p(x | z) = N(W z + μ, σ² I)
///     q(z | x) = p(z | x) = N(M⁻¹ Wᵀ (x − μ), σ² M⁻¹),   M = Wᵀ W + σ² I
///
/// As q is the posterior, the ELBO is log p(x) = log N(x | μ, W Wᵀ + σ² I) itself, and its maximum spans the leading
/// principal components.
///
/// Source: Tipping, Bishop 1999, "Probabilistic principal component analysis", sections 3.1 and 3.2.
final class PrincipalComponents: LatentVariableModel {
    private let weight: Parameter
    private let offset: Parameter
    private let logVariance: Parameter
    private let latents: Int
    private let exampleShape: [Int]

    init(_ recipe: PrincipalComponentsRecipe, using generator: inout Generator) {
        let dimensions = recipe.exampleShape.reduce(1, *)
        (latents, exampleShape) = (recipe.latents, recipe.exampleShape)
        weight = Parameter(Initializer.glorotNormal.weights([dimensions, latents], using: &generator))
        offset = Parameter(.zeros([dimensions]))
        logVariance = Parameter(.zeros([]))
    }

    func callAsFunction(_ walk: Walk) -> any Distribution {
        let z = walk.latent(
            "z", prior: DiagonalGaussian.standard(latents), posterior: walk.evidence(posterior))
        let mean = z.linear(weight: weight.value, bias: offset.value)
        return DiagonalGaussian(
            mean: mean.reshaped(z.shape.dropLast() + exampleShape), logVariance: logVariance.value,
            eventRank: exampleShape.count)
    }

    private func posterior(of x: Tensor) -> FullGaussian {
        let variance = logVariance.value.exp()
        let unit = Tensor.identity(latents)
        // M⁻¹ is symmetric, so that rows of x take it from the right.
        let inverse = (weight.value.transposed().matmul(weight.value) + unit * variance).solve(unit)
        let projected = (x.flattened(from: 1) - offset.value).matmul(weight.value)
        return FullGaussian(
            mean: projected.matmul(inverse),
            factor: (inverse * variance).cholesky().broadcast(to: [x.shape[0], latents, latents]))
    }
}
