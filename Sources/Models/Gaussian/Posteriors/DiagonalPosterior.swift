import Probability
import Settings
import Tensors

/// A Gaussian with a variance for each unit.
public struct DiagonalPosteriorRecipe: PosteriorRecipe {
    /// How the network's output becomes the variances.
    public var head: VarianceHead

    /// Its name.
    public static let kind = "diagonal"
    /// Its line in the help.
    public static let help = "A Gaussian with a variance for each unit."
    /// Its settings.
    public static var settings: [Setting<DiagonalPosteriorRecipe>] {
        [
            .choice(
                "head", \.head,
                .option("variance-head", help: "How the network's output becomes the variances."))
        ]
    }

    /// The choice, with variances by `exp`.
    public init() { self.init(head: .exp) }

    /// A variance for each unit by a head.
    public init(head: VarianceHead) { self.head = head }

    /// Two for each unit.
    public func outputs(forLatents size: Int) -> Int { 2 * size }

    /// Means and variances from the halves of the output.
    public func head(forLatents size: Int, using generator: inout Generator) -> any PosteriorHead {
        PlainPosteriorHead { [head] output in
            let (mean, logVariance) = head.parameters(of: output)
            return DiagonalGaussian(mean: mean, logVariance: logVariance)
        }
    }

    /// The choice in a phrase; nothing for `exp`.
    public var summary: String? { head == .exp ? nil : "posterior variances by \(head.rawValue)" }
    /// The units are independent.
    public var isDiagonal: Bool { true }
    /// The density is known at once at every z.
    public var hasQuickDensity: Bool { true }
}

extension PosteriorRecipe where Self == DiagonalPosteriorRecipe {
    /// A Gaussian with a variance for each unit.
    public static func diagonal(head: VarianceHead = .exp) -> DiagonalPosteriorRecipe {
        DiagonalPosteriorRecipe(head: head)
    }
}
