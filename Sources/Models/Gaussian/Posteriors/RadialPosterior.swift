import Probability
import Settings
import Tensors

/// A diagonal Gaussian through radial maps.
public struct RadialPosteriorRecipe: PosteriorRecipe {
    /// How many maps.
    public var layers: Int

    /// Its name.
    public static let kind = "radial"
    /// Its line in the help.
    public static let help = "A diagonal Gaussian through radial maps."
    /// Its settings.
    public static var settings: [Setting<RadialPosteriorRecipe>] { [AmortizedFlow.layersSetting(\.layers)] }

    /// The choice, of four maps.
    public init() { self.init(layers: 4) }

    /// So many maps.
    public init(layers: Int) { self.layers = layers }

    private func flow(_ size: Int) -> AmortizedFlow {
        AmortizedFlow(size: size, layers: layers, layerSizes: [size, 1, 1])
    }

    /// Means and variances, and what determines each map.
    public func outputs(forLatents size: Int) -> Int { flow(size).outputs }

    /// A Gaussian, then the maps.
    public func head(forLatents size: Int, using generator: inout Generator) -> any PosteriorHead {
        flow(size).head { RadialMap(centre: $0[0], reach: $0[1], spread: $0[2]) }
    }

    /// The choice in a phrase.
    public var summary: String? { "posterior through \(layers) radial maps" }
}

extension PosteriorRecipe where Self == RadialPosteriorRecipe {
    /// A diagonal Gaussian through radial maps.
    public static func radial(layers: Int) -> RadialPosteriorRecipe { RadialPosteriorRecipe(layers: layers) }
}
