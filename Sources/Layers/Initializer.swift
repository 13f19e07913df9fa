import Foundation
import Tensors

/// How a layer's weights start.
///
/// The fans of weights `[outputs, inputs, height?, width?]` count the window: fanIn is inputs · height · width, fanOut
/// outputs · height · width.
public enum Initializer: String, Codable, CaseIterable, Sendable {
    /// U(−1/√fanIn, 1/√fanIn) for weights and biases: the default of PyTorch's layers.
    case uniformByFanIn = "uniform-by-fan-in"
    /// U(−√(6 / (fanIn + fanOut)), +…), biases zero. Source: Glorot, Bengio 2010, eq. 16.
    case glorotUniform = "glorot-uniform"
    /// N(0, 2 / (fanIn + fanOut)), biases zero.
    case glorotNormal = "glorot-normal"
    /// N(0, 2 / fanIn), biases zero. Source: He, Zhang, Ren, Sun 2015, eq. 10.
    case heNormal = "he-normal"
    /// U(−√(6 / fanIn), +…), biases zero.
    case heUniform = "he-uniform"
    /// Orthonormal rows or columns, biases zero. Source: Saxe, McClelland, Ganguli 2014.
    case orthogonal

    /// Weights of a shape.
    public func weights(_ shape: [Int], using generator: inout Generator) -> Tensor {
        let window = shape.dropFirst(2).reduce(1, *)
        let fanIn = Double(shape[1] * window)
        let fanOut = Double(shape[0] * window)
        return switch self {
        case .uniformByFanIn: Self.uniform(shape, within: 1 / fanIn.squareRoot(), &generator)
        case .glorotUniform: Self.uniform(shape, within: (6 / (fanIn + fanOut)).squareRoot(), &generator)
        case .glorotNormal: generator.normal(shape) * (2 / (fanIn + fanOut)).squareRoot()
        case .heNormal: generator.normal(shape) * (2 / fanIn).squareRoot()
        case .heUniform: Self.uniform(shape, within: (6 / fanIn).squareRoot(), &generator)
        case .orthogonal: Self.orthogonal(shape, &generator)
        }
    }

    /// The biases of a layer whose weights have the shape `weights`: `[count]`.
    public func biases(forWeights weights: [Int], _ count: Int, using generator: inout Generator) -> Tensor {
        switch self {
        case .uniformByFanIn:
            let fanIn = Double(weights.dropFirst().reduce(1, *))
            return Self.uniform([count], within: 1 / fanIn.squareRoot(), &generator)
        case .glorotUniform, .glorotNormal, .heNormal, .heUniform, .orthogonal:
            return .zeros([count])
        }
    }

    private static func uniform(_ shape: [Int], within bound: Double, _ generator: inout Generator) -> Tensor
    {
        (generator.uniform(shape) - 0.5) * (2 * bound)
    }

    /// The orthogonal factor of a normal matrix is uniform over rotations.
    private static func orthogonal(_ shape: [Int], _ generator: inout Generator) -> Tensor {
        let rows = shape[0]
        let columns = shape.dropFirst().reduce(1, *)
        let tall = generator.normal([max(rows, columns), min(rows, columns)]).orthogonalFactor()
        return (rows < columns ? tall.transposed() : tall).reshaped(shape).contiguous()
    }
}
