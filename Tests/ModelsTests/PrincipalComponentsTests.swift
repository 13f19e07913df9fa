import Bounds
import Datasets
import Foundation
import Layers
import Models
import Probability
import Settings
import Tensors
import TestSupport
import Testing

@Suite("Probabilistic principal component analysis")
struct PrincipalComponentsTests {
    private static let count = 200

    private static func recipe(latents: Int = 2) -> PrincipalComponentsRecipe {
        var recipe = PrincipalComponentsRecipe()
        (recipe.exampleShape, recipe.latents) = ([5], latents)
        return recipe
    }

    /// Rows whose five values depend on one another, around a mean that is not zero.
    private static func rows() -> Tensor {
        var generator = Generator(seed: 1)
        let mixing = generator.normal([5, 5])
        return generator.normal([count, 5]).matmul(mixing) + generator.normal([5])
    }

    @Test("Every draw's weight is log p(x) of the Gaussian that the model describes")
    func exactness() throws {
        var generator = Generator(seed: 2)
        let model = try Self.recipe().makeModel(using: &generator)
        let state = ModuleState(model)
        let values = Dictionary(uniqueKeysWithValues: state.tensors.map { ($0.key, $0.tensor) })
        let weight = try #require(values["weight"])
        let covariance = weight.matmul(weight.transposed()) + Tensor.identity(5)
        let x = Self.rows()
        let expected = FullGaussian(
            mean: try #require(values["offset"]).broadcast(to: x.shape),
            factor: covariance.cholesky().broadcast(to: [Self.count, 5, 5])
        ).logProbability(of: x)
        let trace = model.trace(of: Batch(x), samples: 3, using: generator)
        for draw in 0..<3 {
            expectClose(trace.logWeights().selected(draw, along: 0), expected, relative: 1e-4)
        }
    }

    /// W = U_k (Λ_k − σ² I)^½ of the sample covariance, σ² the mean of its other eigenvalues (equations 7 and 8).
    ///
    /// The mean log-likelihood is −½ [D log 2π + Σ_k log λ_k + (D − k) log σ² + D].
    @Test(
        "At the closed-form maximum the bound has its known value, and its gradient vanishes",
        arguments: [1, 2, 4])
    func maximum(latents: Int) throws {
        let x = Self.rows().converted(to: .float64)
        let mean = x.mean(along: 0)
        let centered = x - mean
        let covariance = centered.transposed().matmul(centered) / Double(Self.count)
        let (values, vectors) = covariance.symmetricEigen()
        let eigenvalues = values.array(of: Double.self)
        let discarded = eigenvalues.dropLast(latents)
        let variance = discarded.reduce(0, +) / Double(discarded.count)
        let kept = Tensor(Array(eigenvalues.suffix(latents)))
        let axes = vectors.split([5 - latents, latents], along: 1)[1]
        var generator = Generator(seed: 2)
        let model = try Self.recipe(latents: latents).makeModel(using: &generator)
        let state = ModuleState(model)
        try state.load([
            "weight": (axes * (kept - variance).squareRoot()).converted(to: .float32),
            "offset": mean.converted(to: .float32), "logVariance": Tensor(log(variance), dtype: .float32),
        ])
        let (loss, gradients) = state.valueWithGradients {
            -model.trace(
                of: Batch(x.converted(to: .float32)), rateEstimate: .monteCarlo, using: generator
            ).logWeights().mean()
        }
        let logs = eigenvalues.suffix(latents).reduce(0) { $0 + log($1) }
        let expected =
            (5 * log(2 * Double.pi) + logs + Double(5 - latents) * log(variance) + 5) / 2
        expectClose(loss.scalar(), expected, relative: 1e-5)
        for gradient in gradients {
            expectClose(gradient.magnitude().max().scalar(), 0, absolute: 1e-3)
        }
    }

    @Test("As many components as values are refused")
    func tooMany() {
        #expect(throws: SettingsError.self) { try Self.recipe(latents: 5).validate() }
    }
}
