import Tensors
import TestSupport
import Testing

/// The channels-last convolutions with their activations against the plain composition in float64.
@Suite("Convolution")
struct ConvolutionTests {
    struct Case: Sendable {
        let isTransposed: Bool
        let channels: (inputs: Int, outputs: Int)
        let activation: FusedActivation
        let hasBias: Bool

        static let all = [false, true].flatMap { isTransposed in
            [(3, 8), (8, 3), (1, 1), (16, 32)].flatMap { channels in
                [FusedActivation.none, .relu, .tanh].map { activation in
                    Case(
                        isTransposed: isTransposed, channels: channels, activation: activation,
                        hasBias: channels.0 != 1)
                }
            }
        }

        func arguments() -> [Tensor] {
            var generator = Generator(seed: 3)
            let ends = [channels.inputs, channels.outputs]
            let window = (isTransposed ? ends : ends.reversed()) + [4, 4]
            let shapes = [[5, channels.inputs, 8, 6], window] + (hasBias ? [[channels.outputs]] : [])
            return shapes.map { generator.normal($0, dtype: .float64) / 2 }
        }

        func apply(_ x: [Tensor], _ activation: FusedActivation) -> Tensor {
            let bias = hasBias ? x[2] : nil
            return isTransposed
                ? x[0].transposeConvolved(
                    weight: x[1], bias: bias, stride: 2, padding: 1, activation: activation)
                : x[0].convolved(weight: x[1], bias: bias, stride: 2, padding: 1, activation: activation)
        }

        func fused(_ x: [Tensor]) -> Tensor { apply(x, activation) }
        func composed(_ x: [Tensor]) -> Tensor { activation.composed(apply(x, .none)) }
    }

    /// Sums of some hundred products in float32, of numbers of size one.
    static let tolerance = 1e-5

    @Test("Values and gradients are those of the composition", arguments: Case.all)
    func composition(_ test: Case) {
        let arguments = test.arguments()
        let single = arguments.map { $0.converted(to: .float32) }
        expectClose(test.fused(single), test.composed(arguments), relative: 1e-4, absolute: Self.tolerance)
        let found = valueWithGradients(at: single) { test.fused($0).squared().sum() }
        let expected = valueWithGradients(at: arguments) { test.composed($0).squared().sum() }
        for (a, b) in zip(found.gradients, expected.gradients) {
            expectClose(a, b, relative: 1e-4, absolute: 100 * Self.tolerance)
        }
    }

    @Test("Second derivatives are those of the composition", arguments: Case.all)
    func secondDerivatives(_ test: Case) {
        func curvature(_ arguments: [Tensor], _ f: ([Tensor]) -> Tensor) -> [Tensor] {
            valueWithGradients(at: arguments) { outer in
                let first = valueWithGradients(at: outer, isDifferentiable: true) { f($0).squared().mean() }
                return first.gradients.map { $0.sin().sum() }.reduce(Tensor(0)) { $0 + $1 }
            }.gradients
        }
        let arguments = test.arguments()
        let found = curvature(arguments.map { $0.converted(to: .float32) }, test.fused)
        for (a, b) in zip(found, curvature(arguments, test.composed)) {
            expectClose(a, b, relative: 1e-3, absolute: Self.tolerance)
        }
    }

    @Test("NaN goes through, rectified or not", arguments: Case.all)
    func notANumber(_ test: Case) {
        var arguments = test.arguments().map { $0.converted(to: .float32) }
        arguments[0] = arguments[0] * Double.nan
        #expect(test.fused(arguments).isNaN().anyTrue())
    }

    @Test("A likelihood over what a convolution made is that of the same numbers in the usual order")
    func likelihood() {
        var generator = Generator(seed: 6)
        let x = (generator.uniform([5, 3, 8, 6]) .< 0.4).converted(to: .float32)
        let weight = generator.normal([3, 3, 1, 1])
        // No logit is 0, where the composition has no slope.
        let bias = generator.normal([3])
        let found = valueWithGradients(at: [x, weight]) {
            $0[0].convolved(weight: $0[1], bias: bias).bernoulliLogProbability(of: x, eventRank: 3).sum()
        }
        let expected = valueWithGradients(at: [x, weight].map { $0.converted(to: .float64) }) {
            let images = $0[0].convolved(weight: $0[1], bias: bias.converted(to: .float64))
            let logits = images.contiguous().flattened(from: 1)
            return BernoulliTests.composed(logits, x.converted(to: .float64).flattened(from: 1)).sum()
        }
        expectClose(found.value, expected.value, relative: 1e-6)
        for (a, b) in zip(found.gradients, expected.gradients) {
            expectClose(a, b, relative: 1e-4, absolute: 1e-4)
        }
    }
}
