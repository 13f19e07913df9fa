import Foundation
import Probability
import Settings
import Tensors

/// One number, given.
public struct FixedVarianceRecipe: VarianceRecipe {
    /// σ².
    public var value: Double

    /// Its name.
    public static let kind = "fixed"
    /// Its line in the help.
    public static let help = "The same number for all."
    /// Its settings.
    public static var settings: [Setting<FixedVarianceRecipe>] {
        // The precision 1/σ² must be a float32 as well.
        [
            .number(
                "value", \.value, in: 1e-30...1e30,
                .option("variance", default: "suits the data", help: "The fixed σ²."))
        ]
    }

    /// The choice, of a twentieth.
    public init() { self.init(value: 0.05) }

    /// A given number.
    public init(value: Double) { self.value = value }

    /// The output is the mean.
    public func head(for exampleShape: [Int]) -> any LikelihoodHead {
        PlainHead { [value] mean in
            DiagonalGaussian(
                mean: mean, logVariance: Tensor(log(value), dtype: mean.dtype),
                eventRank: exampleShape.count)
        }
    }

    /// The choice in a phrase.
    public var summary: String { "variance \(value)" }
}

extension VarianceRecipe where Self == FixedVarianceRecipe {
    /// One number, given.
    public static func fixed(_ value: Double) -> FixedVarianceRecipe { FixedVarianceRecipe(value: value) }
}
