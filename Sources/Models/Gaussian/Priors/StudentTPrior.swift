import Foundation
import Probability
import Settings
import Tensors

/// Independent Student-t units, whose tails are heavier than a Gaussian's.
public struct StudentTPriorRecipe: PriorRecipe {
    /// ν, the degrees of freedom.
    public var degrees: Int

    /// Its name.
    public static let kind = "student-t"
    /// Its line in the help.
    public static let help = "Independent Student-t units, with heavier tails than a Gaussian's."
    /// Its settings.
    public static var settings: [Setting<StudentTPriorRecipe>] {
        [
            .integer(
                "degrees", \.degrees, in: 1...1000,
                .option("degrees", help: "Degrees of freedom; few make heavy tails."))
        ]
    }

    /// The choice, with five degrees of freedom.
    public init() { self.init(degrees: 5) }

    /// The choice with so many degrees of freedom.
    public init(degrees: Int) { self.degrees = degrees }

    /// The prior.
    public func make(
        _ configuration: GaussianVAE.Configuration, using generator: inout Generator
    ) -> (any Prior)? { StudentTPrior(degrees, configuration.latents) }

    /// The choice in a phrase.
    public var summary: String? { "Student-t prior of \(degrees) degrees of freedom" }
    /// It has no parameters.
    public var isLearned: Bool { false }
}

extension PriorRecipe where Self == StudentTPriorRecipe {
    /// Independent Student-t units.
    public static func studentT(degrees: Int) -> StudentTPriorRecipe { StudentTPriorRecipe(degrees: degrees) }
}

/// The prior of Student-t units.
private final class StudentTPrior: Prior {
    private let degrees: Int
    private let size: Int

    init(_ degrees: Int, _ size: Int) {
        self.degrees = degrees
        self.size = size
    }

    func callAsFunction(_ encoder: GaussianEncoder, _ classes: Tensor?) -> any Distribution {
        StudentT(degrees: degrees, shape: [size])
    }
}

/// Independent Student-t elements.
///
///     log p(z) = Σ_d log Γ((ν + 1)/2) − log Γ(ν/2) − ½ log(ν π) − (ν + 1)/2 · log(1 + z_d²/ν)
///
/// A draw is a normal one over √(χ²_ν / ν), with χ²_ν the sum of ν squared normal draws.
public struct StudentT: Distribution {
    /// ν.
    public let degrees: Int
    /// The shape of an outcome.
    public let shape: [Int]
    /// The type of the elements.
    public let dtype: DType
    /// All axes are one outcome.
    public var eventRank: Int { shape.count }

    /// Elements of a shape.
    public init(degrees: Int, shape: [Int], dtype: DType = .float32) {
        self.degrees = degrees
        self.shape = shape
        self.dtype = dtype
    }

    /// log p(z).
    public func logProbability(of z: Tensor) -> Tensor {
        let ν = Double(degrees)
        let constant: Double = lgamma((ν + 1) / 2) - lgamma(ν / 2) - 0.5 * log(ν * Double.pi)
        let exponent: Double = -(ν + 1) / 2
        let elements = (z.squared() / ν).logOnePlus() * exponent + constant
        return elements.summed(overLast: eventRank)
    }

    /// Draws by their definition.
    public func sample(_ leading: [Int], using generator: inout Generator) -> Tensor {
        let normal = generator.normal(leading + shape, dtype: dtype)
        let squares = generator.normal(leading + shape + [degrees], dtype: dtype).squared().mean(along: -1)
        return normal / squares.squareRoot()
    }
}
