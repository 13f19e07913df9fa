import Settings

/// One number, the mean squared error: of the batch in training, its running average in use.
///
/// Source: Rybkin, Daniilidis, Levine 2021, arXiv:2006.13202.
public struct OptimalVarianceRecipe: VarianceRecipe {
    /// Its name.
    public static let kind = "optimal"
    /// Its line in the help.
    public static let help = "The mean squared error: of the batch in training, its running average in use."
    /// It has no settings.
    public static var settings: [Setting<OptimalVarianceRecipe>] { [] }

    /// The choice.
    public init() {}

    /// The output is the mean.
    public func head(for exampleShape: [Int]) -> any LikelihoodHead {
        OptimalVarianceHead(eventRank: exampleShape.count)
    }

    /// The choice in a phrase.
    public var summary: String { "the mean squared error as variance" }
}

extension VarianceRecipe where Self == OptimalVarianceRecipe {
    /// One number, the mean squared error.
    public static var optimal: OptimalVarianceRecipe { OptimalVarianceRecipe() }
}
