import Probability
import Settings
import Tensors

/// The 256 levels of images by a mixture of logistic densities, the channels of a pixel together.
public struct LogisticMixtureLikelihoodRecipe: LikelihoodRecipe {
    /// How many logistics.
    public var components: Int

    /// Its name.
    public static let kind = "logistic-mixture"
    /// Its line in the help.
    public static let help =
        "The 256 levels of images, by ten logistic densities that couple the colours of a pixel."
    /// Its settings.
    public static var settings: [Setting<LogisticMixtureLikelihoodRecipe>] {
        [.integer("components", \.components, in: 1...1000)]
    }

    /// The choice, of ten logistics.
    public init() { self.init(components: 10) }

    /// A mixture of so many logistics.
    public init(components: Int) { self.components = components }

    /// Levels.
    public var support: Support { .levels }

    /// What the mixture of each pixel takes.
    public func outputs(forChannels channels: Int) -> Int {
        LogisticMixture.parameterCount(components: components, channels: channels)
    }

    /// The output is the mixture's parameters.
    public func head(for exampleShape: [Int]) -> any LikelihoodHead {
        PlainHead { [components] output in
            LogisticMixture(parameters: output, components: components, channels: exampleShape[0])
        }
    }

    /// The choice in a phrase.
    public var summary: String { "mixture of \(components) discretised logistics" }

    /// Only images have pixels of channels.
    public func validate(for exampleShape: [Int]) throws {
        try require(
            exampleShape.count == 3, "likelihood", "a mixture of logistics",
            "another for examples that are not images")
    }
}

extension LikelihoodRecipe where Self == LogisticMixtureLikelihoodRecipe {
    /// The 256 levels of images by a mixture of so many logistic densities.
    public static func logisticMixture(components: Int) -> LogisticMixtureLikelihoodRecipe {
        LogisticMixtureLikelihoodRecipe(components: components)
    }
}
