import Settings

/// The settings of σ² of a Gaussian p(x | z), and how the likelihood is made of them.
///
/// A package adds variances of its own by `GaussianVAE.variances.register(_:)`.
public protocol VarianceRecipe: Choice {
    /// How many numbers the network gives for each element of an example.
    var outputsPerElement: Int { get }

    /// The end of a decoder for examples of a shape.
    func head(for exampleShape: [Int]) -> any LikelihoodHead

    /// The choice in a phrase.
    var summary: String { get }
}

extension VarianceRecipe {
    /// The mean alone, unless a kind says otherwise.
    public var outputsPerElement: Int { 1 }
}

extension GaussianVAE {
    /// The variances of a Gaussian likelihood by name.
    public static let variances = Registry<any VarianceRecipe.Type>(
        "variance",
        [
            FixedVarianceRecipe.self, LearnedVarianceRecipe.self, PixelVarianceRecipe.self,
            OptimalVarianceRecipe.self,
        ])
}
