import Probability
import Settings
import Tensors

/// A diagonal Gaussian through planar maps.
public struct PlanarPosteriorRecipe: PosteriorRecipe {
    /// How many maps.
    public var layers: Int

    /// Its name.
    public static let kind = "planar"
    /// Its line in the help.
    public static let help = "A diagonal Gaussian through planar maps."
    /// Its settings.
    public static var settings: [Setting<PlanarPosteriorRecipe>] { [AmortizedFlow.layersSetting(\.layers)] }

    /// The choice, of four maps.
    public init() { self.init(layers: 4) }

    /// So many maps.
    public init(layers: Int) { self.layers = layers }

    private func flow(_ size: Int) -> AmortizedFlow {
        AmortizedFlow(size: size, layers: layers, layerSizes: [size, size, 1])
    }

    /// Means and variances, and what determines each map.
    public func outputs(forLatents size: Int) -> Int { flow(size).outputs }

    /// A Gaussian, then the maps.
    public func head(forLatents size: Int, using generator: inout Generator) -> any PosteriorHead {
        flow(size).head { PlanarMap(step: $0[0], normal: $0[1], offset: $0[2]) }
    }

    /// The choice in a phrase.
    public var summary: String? { "posterior through \(layers) planar maps" }
}

extension PosteriorRecipe where Self == PlanarPosteriorRecipe {
    /// A diagonal Gaussian through planar maps.
    public static func planar(layers: Int) -> PlanarPosteriorRecipe { PlanarPosteriorRecipe(layers: layers) }
}
