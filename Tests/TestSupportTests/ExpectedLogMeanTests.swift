import Foundation
import Tensors
import TestSupport
import Testing

@Suite("The expected log of a mean")
struct ExpectedLogMeanTests {
    /// Two values with probabilities 0.3 and 0.7, and the same times e⁻²⁰⁰; all pairs are listed.
    @Test("Of two values it is the sum over all outcomes", arguments: [1, 2])
    func twoValues(draws: Int) {
        let (a, b) = (0.2, 3.0)
        let expected =
            draws == 1
            ? 0.3 * log(a) + 0.7 * log(b) : 0.09 * log(a) + 0.49 * log(b) + 0.42 * log((a + b) / 2)
        let logWeights = Tensor([log(a), log(a) - 200, log(b), log(b) - 200], shape: [2, 2])
        let found = expectedLogMean(
            of: logWeights, probabilities: Tensor([0.3, 0.7], shape: [2, 1]), draws: draws)
        expectClose(found, Tensor([expected, expected - 200]), relative: 1e-12)
    }

    @Test("Of a single value it is its log, whatever K", arguments: [1, 10, 1000])
    func constant(draws: Int) {
        let found = expectedLogMean(
            of: Tensor([0.7], shape: [1, 1]), probabilities: .ones([1, 1], dtype: .float64), draws: draws)
        expectClose(found, Tensor([0.7]), relative: 1e-12)
    }

    /// log w = τ ε: with one draw 0, and with two E log cosh of a normal number of variance τ²/2.
    @Test("Of log-normal weights it is an integral over the normal density", arguments: [0.5, 1.5])
    func logNormal(spread: Double) {
        let noise = Tensor.linearSpace(from: -9, to: 9, count: 181, dtype: .float64)
        let density = (noise.squared() * -0.5).exp() * (0.1 / (2 * Double.pi).squareRoot())
        func found(_ draws: Int) -> Tensor {
            expectedLogMean(
                of: (noise * spread).expanded(at: 1), probabilities: density.expanded(at: 1), draws: draws)
        }
        expectClose(found(1), Tensor([0.0]), absolute: 1e-11)
        let half = noise * (spread / 2.0.squareRoot())
        let logCosh = half.logAddingExponential(-half) - log(2)
        expectClose(found(2), (density * logCosh).sum().reshaped([1]), relative: 1e-10)
    }
}
