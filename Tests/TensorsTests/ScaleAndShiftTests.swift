import Tensors
import TestSupport
import Testing

/// The affine map of a flow's layer, fused, against the same formulas composed in float64.
@Suite("Scale and shift")
struct ScaleAndShiftTests {
    static let limit = 1.5

    static func formula(_ x: [Tensor], eventRank: Int, isBack: Bool) -> Tensor {
        let count = x[0].size(along: -eventRank)
        let parts = x[1].split([count, count], along: -eventRank)
        let s = (parts[0] / limit).tanh() * limit
        let value = isBack ? (x[0] - parts[1]) * (-s).exp() : x[0] * s.exp() + parts[1]
        return joined(value, (isBack ? -s : s).sum(along: Array((-eventRank)...(-1))))
    }

    static func fused(_ x: [Tensor], eventRank: Int, isBack: Bool) -> Tensor {
        let moved = x[0].scaledAndShifted(by: x[1], limit: limit, eventRank: eventRank, isBack: isBack)
        return joined(moved.value, moved.logDeterminant)
    }

    /// Both results as one, so that gradients flow from both.
    static func joined(_ value: Tensor, _ logDeterminant: Tensor) -> Tensor {
        Tensor.concatenated([value.flattened(), logDeterminant.flattened()], along: 0)
    }

    /// The last two have rows longer than what the kernel works on at a time.
    static let shapes: [([Int], Int)] = [
        ([128, 10], 1), ([2, 3, 7], 1), ([5], 1), ([4, 6, 3, 5], 3), ([3, 1200], 1), ([2, 40, 3, 5], 3),
    ]

    static func inputs(_ shape: [Int], eventRank: Int) -> [Tensor] {
        var generator = Generator(seed: 4)
        var doubled = shape
        doubled[shape.count - eventRank] *= 2
        return [generator.normal(shape), generator.normal(doubled) * 2]
    }

    @Test("Values and slopes are those of the formula, both ways", arguments: shapes, [false, true])
    func formula(_ shape: ([Int], Int), isBack: Bool) {
        GaussianTests.expectSame(
            Self.inputs(shape.0, eventRank: shape.1), terms: shape.0.suffix(shape.1).reduce(1, *),
            { Self.fused($0, eventRank: shape.1, isBack: isBack) },
            { Self.formula($0, eventRank: shape.1, isBack: isBack) })
    }

    @Test("In float64 the composition is taken, with the same result", arguments: [false, true])
    func doublePrecision(_ isBack: Bool) {
        let inputs = Self.inputs([3, 4], eventRank: 1).map(GaussianTests.double)
        expectClose(
            Self.fused(inputs, eventRank: 1, isBack: isBack),
            Self.formula(inputs, eventRank: 1, isBack: isBack), relative: 1e-14, absolute: 1e-14)
    }

    @Test("One map for many outcomes takes the composition, with the same result")
    func broadcast() {
        var generator = Generator(seed: 5)
        let inputs = [generator.normal([6, 3, 4]), generator.normal([3, 8])]
        let exact = inputs.map(GaussianTests.double)
        let found = inputs[0].scaledAndShifted(by: inputs[1], limit: Self.limit, eventRank: 1)
        let expected = exact[0].scaledAndShifted(by: exact[1], limit: Self.limit, eventRank: 1)
        expectClose(found.value, expected.value, relative: 1e-6, absolute: 1e-6)
        #expect(found.logDeterminant.shape == [3])
    }

    @Test("A way there and back ends where it began")
    func roundTrip() {
        let inputs = Self.inputs([16, 9], eventRank: 1)
        let there = inputs[0].scaledAndShifted(by: inputs[1], limit: Self.limit, eventRank: 1)
        let back = there.value.scaledAndShifted(
            by: inputs[1], limit: Self.limit, eventRank: 1, isBack: true)
        expectClose(back.value, inputs[0], relative: 1e-5, absolute: 1e-5)
        expectClose(back.logDeterminant, -there.logDeterminant)
    }

    @Test("Second derivatives are those of the composition", arguments: [false, true])
    func secondDerivatives(_ isBack: Bool) {
        func curvature(_ inputs: [Tensor], _ f: ([Tensor]) -> Tensor) -> [Tensor] {
            valueWithGradients(at: inputs) { outer in
                let first = valueWithGradients(at: outer, isDifferentiable: true) { f($0).sin().sum() }
                return first.gradients[0].squared().sum() + first.gradients[1].sin().sum()
            }.gradients
        }
        let inputs = Self.inputs([4, 3], eventRank: 1)
        let fused = curvature(inputs) { Self.fused($0, eventRank: 1, isBack: isBack) }
        let exact = curvature(inputs.map(GaussianTests.double)) {
            Self.formula($0, eventRank: 1, isBack: isBack)
        }
        for (a, b) in zip(fused, exact) { expectClose(a, b, relative: 1e-3, absolute: 1e-3) }
    }

    @Test("NaN and infinity are not hidden")
    func notFinite() {
        let odd = Tensor([.nan, .infinity, 1] as [Float])
        let moved = odd.scaledAndShifted(by: .zeros([6]), limit: Self.limit, eventRank: 1)
        #expect(moved.value.isFinite().array() == [false, false, true])
        let broken = Tensor([1, 1, 1] as [Float])
            .scaledAndShifted(by: Tensor([.nan, 0, 0, 0, .infinity, 0] as [Float]), limit: 1, eventRank: 1)
        #expect(broken.value.isFinite().array() == [false, false, true])
    }
}
