import Probability
import Settings
import Tensors

/// A Gaussian with any covariance, by its Cholesky factor.
public struct FullPosteriorRecipe: PosteriorRecipe {
    /// Its name.
    public static let kind = "full"
    /// Its line in the help.
    public static let help = "A Gaussian with any covariance."
    /// It has no settings.
    public static var settings: [Setting<FullPosteriorRecipe>] { [] }

    /// The choice.
    public init() {}

    /// Means, and a triangle of the factor.
    public func outputs(forLatents size: Int) -> Int { 2 * size + size * (size - 1) / 2 }

    /// Means, logarithms of the diagonal's squares, then the elements below it.
    public func head(forLatents size: Int, using generator: inout Generator) -> any PosteriorHead {
        PlainPosteriorHead { output in
            let parts = output.split([2 * size, size * (size - 1) / 2], along: -1)
            let (mean, logDiagonal) = VarianceHead.exp.parameters(of: parts[0])
            return FullGaussian(
                mean: mean,
                factor: Self.belowDiagonal(parts[1], size: size) + (logDiagonal * 0.5).exp().diagonalMatrix())
        }
    }

    /// The choice in a phrase.
    public var summary: String? { "posterior with full covariance" }
    /// The density is known at once at every z.
    public var hasQuickDensity: Bool { true }

    /// The factor has as many elements as z has pairs of units.
    public func validate(for configuration: GaussianVAE.Configuration) throws {
        let latents = configuration.latents
        try require(latents <= 512, "latents", latents, "at most 512 with a full covariance")
    }

    /// A matrix with given elements below the diagonal, row by row, and zeros elsewhere.
    private static func belowDiagonal(_ elements: Tensor, size: Int) -> Tensor {
        // The place behind the last element holds a zero.
        var places = [Int](repeating: elements.size(along: -1), count: size * size)
        var next = 0
        for row in 0..<size {
            for column in 0..<row {
                places[row * size + column] = next
                next += 1
            }
        }
        let zero = Tensor.zeros(elements.shape.dropLast() + [1], dtype: elements.dtype)
        return Tensor.concatenated([elements, zero], along: -1)
            .gathering(Tensor(places, shape: [size * size]), along: -1)
            .reshaped(elements.shape.dropLast() + [size, size])
    }
}

extension PosteriorRecipe where Self == FullPosteriorRecipe {
    /// A Gaussian with any covariance.
    public static var full: FullPosteriorRecipe { FullPosteriorRecipe() }
}
