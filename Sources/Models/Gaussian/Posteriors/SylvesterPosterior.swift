import Probability
import Settings
import Tensors

/// A diagonal Gaussian through Sylvester maps, each of which moves it along a few directions.
public struct SylvesterPosteriorRecipe: PosteriorRecipe {
    /// How many maps.
    public var layers: Int
    /// How many directions each moves z along.
    public var directions: Int

    /// Its name.
    public static let kind = "sylvester"
    /// Its line in the help.
    public static let help = "A diagonal Gaussian through Sylvester maps, each along a few directions."
    /// Its settings.
    public static var settings: [Setting<SylvesterPosteriorRecipe>] {
        [AmortizedFlow.layersSetting(\.layers), Directions.setting(\.directions)]
    }

    /// The choice, of four maps along four directions.
    public init() { self.init(layers: 4, directions: 4) }

    /// So many maps along so many directions each.
    public init(layers: Int, directions: Int) {
        self.layers = layers
        self.directions = directions
    }

    private func flow(_ size: Int) -> AmortizedFlow {
        AmortizedFlow(
            size: size, layers: layers,
            layerSizes: [directions * size, directions * directions, directions, directions])
    }

    /// Means and variances, and what determines each map.
    public func outputs(forLatents size: Int) -> Int { flow(size).outputs }

    /// A Gaussian, then the maps.
    public func head(forLatents size: Int, using generator: inout Generator) -> any PosteriorHead {
        flow(size).head { [directions] parts in
            let leading = parts[0].shape.dropLast()
            return SylvesterMap(
                reflections: parts[0].reshaped(leading + [directions, size]),
                triangles: parts[1].reshaped(leading + [directions, directions]), diagonal: parts[2],
                offset: parts[3])
        }
    }

    /// The choice in a phrase.
    public var summary: String? { "posterior through \(layers) Sylvester maps of \(directions) directions" }

    /// There are no more directions than units.
    public func validate(for configuration: GaussianVAE.Configuration) throws {
        try Directions.validate(directions, configuration)
    }

    /// As many directions as z has units, where that is fewer.
    public mutating func adapt(to data: DataTraits, given: JSONValue) {
        Directions.adapt(&directions, to: data, given: given)
    }
}

extension PosteriorRecipe where Self == SylvesterPosteriorRecipe {
    /// A diagonal Gaussian through Sylvester maps along a few directions.
    public static func sylvester(layers: Int, directions: Int) -> SylvesterPosteriorRecipe {
        SylvesterPosteriorRecipe(layers: layers, directions: directions)
    }
}
