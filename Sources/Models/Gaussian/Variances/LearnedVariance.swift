import Settings

/// One number, trained with the weights.
public struct LearnedVarianceRecipe: VarianceRecipe {
    /// Its name.
    public static let kind = "learned"
    /// Its line in the help.
    public static let help = "One number, trained with the weights."
    /// It has no settings.
    public static var settings: [Setting<LearnedVarianceRecipe>] { [] }

    /// The choice.
    public init() {}

    /// The output is the mean.
    public func head(for exampleShape: [Int]) -> any LikelihoodHead {
        LearnedVarianceHead(eventRank: exampleShape.count)
    }

    /// The choice in a phrase.
    public var summary: String { "one learned variance" }
}

extension VarianceRecipe where Self == LearnedVarianceRecipe {
    /// One number, trained with the weights.
    public static var learned: LearnedVarianceRecipe { LearnedVarianceRecipe() }
}
