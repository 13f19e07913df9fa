import Tensors
import TestSupport
import Testing

/// The fused product against the plain composition, in values and gradients.
///
/// The backend is a setting of the process, so each test of both runs in a child of its own.
@Suite("Linear")
struct LinearTests {
    struct Case: Sendable {
        let leading: [Int]
        let activation: FusedActivation
        let hasBias: Bool

        static let all = [[], [1], [7], [2, 3], [0]].flatMap { leading in
            [FusedActivation.none, .relu, .tanh].flatMap { activation in
                [true, false].map { Case(leading: leading, activation: activation, hasBias: $0) }
            }
        }

        /// Input, weight and, where there is one, bias, in float64.
        func arguments() -> [Tensor] {
            var generator = Generator(seed: 3)
            let shapes = [leading + [19], [13, 19]] + (hasBias ? [[13]] : [])
            return shapes.map { generator.normal($0, dtype: .float64) }
        }

        func fused(_ x: [Tensor]) -> Tensor {
            x[0].linear(weight: x[1], bias: hasBias ? x[2] : nil, activation: activation)
        }

        func composed(_ x: [Tensor]) -> Tensor {
            var y = x[0].matmul(x[1].transposed())
            if hasBias { y += x[2] }
            return activation.composed(y)
        }
    }

    /// Sums of 19 products in float32, of numbers of size one, and sums of those.
    static let tolerance = 2e-5

    /// Selects a backend; false where it is absent.
    static func select(oneDNN: Bool) -> Bool {
        Engine.linearUsesOneDNN = oneDNN
        return Engine.linearUsesOneDNN == oneDNN
    }

    static func single(_ tensors: [Tensor]) -> [Tensor] { tensors.map { $0.converted(to: .float32) } }

    @Test("Values and gradients are those of the composition, on both backends", arguments: [true, false])
    func composition(_ oneDNN: Bool) async {
        await #expect(processExitsWith: .success) { [oneDNN] in
            guard LinearTests.select(oneDNN: oneDNN) else { return }
            for test in Case.all {
                let arguments = test.arguments()
                let (value, gradients) = valueWithGradients(at: LinearTests.single(arguments)) {
                    test.fused($0).squared().sum()
                }
                let expected = valueWithGradients(at: arguments) { test.composed($0).squared().sum() }
                let y = test.fused(LinearTests.single(arguments))
                #expect(y.dtype == .float32)
                expectClose(
                    y, test.composed(arguments), relative: LinearTests.tolerance,
                    absolute: LinearTests.tolerance, "\(test)")
                expectClose(value, expected.value, relative: LinearTests.tolerance, "\(test)")
                for (found, gradient) in zip(gradients, expected.gradients) {
                    expectClose(
                        found, gradient, relative: LinearTests.tolerance,
                        absolute: 20 * LinearTests.tolerance, "\(test)")
                }
            }
        }
    }

    @Test("Second derivatives are those of the composition, on both backends", arguments: [true, false])
    func secondDerivatives(_ oneDNN: Bool) async {
        await #expect(processExitsWith: .success) { [oneDNN] in
            guard LinearTests.select(oneDNN: oneDNN) else { return }
            for test in Case.all where test.leading != [0] {
                func curvature(_ arguments: [Tensor], _ f: ([Tensor]) -> Tensor) -> [Tensor] {
                    valueWithGradients(at: arguments) { outer in
                        let first = valueWithGradients(at: outer, isDifferentiable: true) {
                            f($0).squared().sum()
                        }
                        return first.gradients.map { $0.sin().sum() }.reduce(Tensor(0)) { $0 + $1 }
                    }.gradients
                }
                let arguments = test.arguments().map { $0 / 4 }
                let found = curvature(LinearTests.single(arguments), test.fused)
                for (fused, composed) in zip(found, curvature(arguments, test.composed)) {
                    expectClose(
                        fused, composed, relative: 1e-4, absolute: 20 * LinearTests.tolerance, "\(test)")
                }
            }
        }
    }

    @Test(
        "Layouts that are not contiguous give the same product, on both backends", arguments: [true, false])
    func layouts(_ oneDNN: Bool) async {
        await #expect(processExitsWith: .success) { [oneDNN] in
            guard LinearTests.select(oneDNN: oneDNN) else { return }
            var generator = Generator(seed: 8)
            let x = generator.normal([19, 6]).transposed()
            let strided = generator.normal([5, 4, 38])[.all, .range(0..<4, by: 2), .range(0..<38, by: 2)]
            let weight = generator.normal([19, 13]).transposed()
            let bias = generator.normal([26])[.range(0..<26, by: 2)]
            for input in [x, strided, strided[1], x[0]] {
                let (y, gradients) = valueWithGradients(at: [input, weight, bias]) {
                    $0[0].linear(weight: $0[1], bias: $0[2], activation: .relu).squared().sum()
                }
                let expected = valueWithGradients(at: [input.copy(), weight, bias].map { $0.contiguous() }) {
                    $0[0].linear(weight: $0[1], bias: $0[2], activation: .relu).squared().sum()
                }
                expectClose(y, expected.value, relative: LinearTests.tolerance)
                for (found, gradient) in zip(gradients, expected.gradients) {
                    expectClose(found, gradient, relative: LinearTests.tolerance, absolute: 4e-4)
                }
            }
        }
    }

    @Test("Each gradient is found alone, on both backends", arguments: [true, false])
    func alone(_ oneDNN: Bool) async {
        await #expect(processExitsWith: .success) { [oneDNN] in
            guard LinearTests.select(oneDNN: oneDNN) else { return }
            for test in Case.all {
                let arguments = LinearTests.single(test.arguments())
                let together = valueWithGradients(at: arguments) { test.fused($0).squared().sum() }.gradients
                for index in arguments.indices {
                    let alone = gradient(at: arguments[index]) { moved in
                        var all = arguments
                        all[index] = moved
                        return test.fused(all).squared().sum()
                    }
                    expectClose(alone, together[index], "input \(index) of \(test)")
                }
            }
        }
    }

    @Test("NaN goes through, rectified or not, on both backends", arguments: [true, false])
    func notANumber(_ oneDNN: Bool) async {
        await #expect(processExitsWith: .success) { [oneDNN] in
            guard LinearTests.select(oneDNN: oneDNN) else { return }
            let x = Tensor([1, Float.nan, 2, 3], shape: [2, 2])
            for activation in [FusedActivation.none, .relu, .tanh] {
                let y = x.linear(weight: Tensor.ones([3, 2]), bias: Tensor.ones([3]), activation: activation)
                #expect(y[0].isNaN().allTrue() && y[1].isFinite().allTrue())
                let broken = Tensor.ones([2, 2]).linear(
                    weight: Tensor([1, 1, Float.nan, 1], shape: [2, 2]), activation: activation)
                #expect(broken.isNaN().array() == [false, true, false, true])
            }
        }
    }

    @Test("The first derivative of the float64 form agrees with central differences")
    func differences() {
        for test in Case.all where test.leading.count <= 1 && test.leading != [0] {
            expectGradientsMatch(at: test.arguments(), step: 1e-4, relative: 1e-6, "\(test)", of: test.fused)
        }
    }

    @Test("Other types take the plain product")
    func types() {
        let y = Tensor.ones([2, 3], dtype: .bfloat16).linear(weight: Tensor.ones([4, 3], dtype: .bfloat16))
        #expect(y.dtype == .bfloat16 && y.array(of: Float.self) == [Float](repeating: 3, count: 8))
    }

    @Test("A gradient that someone else holds is left as it was")
    func sharedGradient() {
        var generator = Generator(seed: 4)
        let x = generator.normal([6, 5])
        let weight = generator.normal([5, 5])
        // The sum hands the same gradient to both terms; the first layer must not overwrite what the second gets.
        let found = valueWithGradients(at: [x, weight]) {
            let first = $0[0].linear(weight: $0[1], activation: .relu)
            return (first + $0[0].linear(weight: $0[1], activation: .tanh)).squared().sum()
        }
        let expected = valueWithGradients(at: [x, weight].map { $0.converted(to: .float64) }) {
            let product = $0[0].matmul($0[1].transposed())
            return (product.relu() + product.tanh()).squared().sum()
        }
        for (a, b) in zip(found.gradients, expected.gradients) {
            expectClose(a, b, relative: Self.tolerance, absolute: 20 * Self.tolerance)
        }
    }

    @Test("The fused hyperbolic tangent keeps its digits at every size")
    func tanh() {
        let x = Tensor.concatenated(
            [
                Tensor.linearSpace(from: -12, to: 12, count: 4801),
                Tensor.linearSpace(from: -1e-3, to: 1e-3, count: 501),
            ],
            along: 0
        ).reshaped([-1, 1])
        let y = x.linear(weight: Tensor.ones([1, 1]), activation: .tanh)
        expectClose(y, x.converted(to: .float64).tanh(), relative: 4e-7)
        let far = Tensor([Float.infinity, -.infinity, 1e30], shape: [3, 1])
        #expect(far.linear(weight: Tensor.ones([1, 1]), activation: .tanh).array() == [1, -1, 1])
    }

    @Test("Nothing leaks from a step")
    func leaks() {
        let arguments = Self.single(Case.all[4].arguments())
        expectNoLeaks { _ = valueWithGradients(at: arguments) { Case.all[4].fused($0).sum() } }
    }
}

extension FusedActivation {
    /// The same function by an operation of its own.
    func composed(_ x: Tensor) -> Tensor {
        switch self {
        case .none: x
        case .relu: x.relu()
        case .tanh: x.tanh()
        }
    }
}
