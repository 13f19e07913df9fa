import Probability
import Settings
import Tensors

/// A Gaussian whose covariance is a diagonal and a few directions.
public struct LowRankPosteriorRecipe: PosteriorRecipe {
    /// How many directions.
    public var directions: Int

    /// Its name.
    public static let kind = "low-rank"
    /// Its line in the help.
    public static let help = "A Gaussian whose covariance is a diagonal and a few directions."
    /// Its settings.
    public static var settings: [Setting<LowRankPosteriorRecipe>] { [Directions.setting(\.directions)] }

    /// The choice, of four directions.
    public init() { self.init(directions: 4) }

    /// A diagonal and so many directions.
    public init(directions: Int) { self.directions = directions }

    /// Means and variances, and a column for each direction.
    public func outputs(forLatents size: Int) -> Int { 2 * size + size * directions }

    /// Means, variances, then the directions.
    public func head(forLatents size: Int, using generator: inout Generator) -> any PosteriorHead {
        PlainPosteriorHead { [directions] output in
            let parts = output.split([2 * size, size * directions], along: -1)
            let (mean, logVariance) = VarianceHead.exp.parameters(of: parts[0])
            let shape = mean.shape + [directions]
            return LowRankGaussian(
                mean: mean, logVariance: logVariance, directions: parts[1].reshaped(shape))
        }
    }

    /// The choice in a phrase.
    public var summary: String? { "posterior with \(directions) directions of covariance" }
    /// The density is known at once at every z.
    public var hasQuickDensity: Bool { true }

    /// There are no more directions than units.
    public func validate(for configuration: GaussianVAE.Configuration) throws {
        try Directions.validate(directions, configuration)
    }

    /// As many directions as z has units, where that is fewer.
    public mutating func adapt(to data: DataTraits, given: JSONValue) {
        Directions.adapt(&directions, to: data, given: given)
    }
}

extension PosteriorRecipe where Self == LowRankPosteriorRecipe {
    /// A Gaussian whose covariance is a diagonal and so many directions.
    public static func lowRank(directions: Int) -> LowRankPosteriorRecipe {
        LowRankPosteriorRecipe(directions: directions)
    }
}

/// The setting of posteriors that move z along a few directions.
enum Directions {
    static func setting<Root: Configurable>(
        _ path: WritableKeyPath<Root, Int> & Sendable
    ) -> Setting<Root> {
        .integer(
            "directions", path, in: Limits.width,
            .option(
                "directions", default: "4, or fewer for a small z",
                help: "Directions of covariance, or of each sylvester map."))
    }

    static func validate(_ directions: Int, _ configuration: GaussianVAE.Configuration) throws {
        try require(
            (1...configuration.latents).contains(directions), "posterior.directions", directions,
            "from 1 to the size of z, \(configuration.latents)")
    }

    static func adapt(_ directions: inout Int, to data: DataTraits, given: JSONValue) {
        if given["directions"] == nil, let latents = data.latents { directions = min(directions, latents) }
    }
}
