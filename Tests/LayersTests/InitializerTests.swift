import Foundation
import Layers
import Tensors
import TestSupport
import Testing

@Suite("How weights start")
struct InitializerTests {
    /// Variance and, for uniform draws, the bound, as the papers and PyTorch state them.
    static func expected(_ initializer: Initializer, fanIn: Double, fanOut: Double) -> (
        variance: Double, bound: Double?
    ) {
        func uniform(_ bound: Double) -> (Double, Double?) { (bound * bound / 3, bound) }
        return switch initializer {
        case .uniformByFanIn: uniform(1 / fanIn.squareRoot())
        case .glorotUniform: uniform((6 / (fanIn + fanOut)).squareRoot())
        case .heUniform: uniform((6 / fanIn).squareRoot())
        case .glorotNormal: (2 / (fanIn + fanOut), nil)
        case .heNormal: (2 / fanIn, nil)
        case .orthogonal: (1 / max(fanIn, fanOut), nil)
        }
    }

    /// Within five standard errors: mean ± 5 √(v/n); variance ± 5 v √((κ − 1)/n), κ = 3 (normal) or 1.8 (uniform).
    @Test(
        "mean and variance are as stated",
        arguments: Initializer.allCases.filter { $0 != .orthogonal }, [[80, 50], [40, 10, 3, 3]])
    func moments(_ initializer: Initializer, shape: [Int]) {
        var generator = Generator(seed: 7)
        let weights = initializer.weights(shape, using: &generator)
        #expect(weights.shape == shape)
        let window = shape.dropFirst(2).reduce(1, *)
        let expected = Self.expected(
            initializer, fanIn: Double(shape[1] * window), fanOut: Double(shape[0] * window))
        let count = Double(weights.count)
        let kurtosis = expected.bound == nil ? 3.0 : 1.8
        expectClose(weights.mean().scalar(), 0, absolute: 5 * (expected.variance / count).squareRoot())
        expectClose(
            weights.squared().mean().scalar(), expected.variance,
            relative: 5 * ((kurtosis - 1) / count).squareRoot())
        if let bound = expected.bound {
            let largest = weights.magnitude().max().scalar()
            #expect(largest <= bound * (1 + 1e-6) && largest > 0.99 * bound)
        }
    }

    @Test(
        "orthogonal rows or columns, whichever are fewer",
        arguments: [[6, 6], [4, 9], [9, 4], [8, 3, 2, 2]])
    func orthogonality(shape: [Int]) {
        var generator = Generator(seed: 8)
        let weights = Initializer.orthogonal.weights(shape, using: &generator)
        #expect(weights.shape == shape)
        let matrix = weights.reshaped([shape[0], -1])
        let isWide = matrix.size(along: 0) <= matrix.size(along: 1)
        let gram = isWide ? matrix.matmul(matrix.transposed()) : matrix.transposed().matmul(matrix)
        expectClose(gram, .identity(gram.size(along: 0)), absolute: 1e-5)
    }

    @Test("biases are zero, except by fan in", arguments: Initializer.allCases)
    func biases(_ initializer: Initializer) {
        var generator = Generator(seed: 9)
        let biases = initializer.biases(forWeights: [500, 4, 3, 3], 500, using: &generator)
        let largest = biases.magnitude().max().scalar()
        if initializer == .uniformByFanIn {
            #expect(largest <= 1.0 / 6 && largest > 0.98 / 6)
        } else {
            #expect(largest == 0)
        }
    }

    @Test("the same seed gives the same layer, and one layer's draws move the next")
    func determinism() {
        var first = Generator(seed: 10)
        var second = Generator(seed: 10)
        let a = Linear(inputs: 3, outputs: 3, using: &first)
        let b = Linear(inputs: 3, outputs: 3, using: &second)
        let next = Linear(inputs: 3, outputs: 3, using: &first)
        expectClose(a.weight.value, b.weight.value)
        #expect((a.weight.value .!= next.weight.value).allTrue())
    }
}
