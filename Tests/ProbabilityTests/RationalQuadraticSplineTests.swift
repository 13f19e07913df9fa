import Probability
import TestSupport
import Tensors
import Testing

@Suite("Rational-quadratic splines")
struct RationalQuadraticSplineTests {
    /// A curve of five pieces between ±2, bent in both ways.
    static func spline(_ dtype: DType = .float64, bound: Double = 2) -> RationalQuadraticSpline {
        RationalQuadraticSpline(
            widths: Tensor([0.3, -1.2, 0.8, 0, 1.5]).converted(to: dtype),
            heights: Tensor([-0.7, 1.1, 0.2, -1.4, 0.9]).converted(to: dtype),
            slopes: Tensor([1.3, -0.9, 2.5, -2.0]).converted(to: dtype), bound: bound)
    }

    @Test("Both directions and the derivative agree with one another, inside and outside")
    func laws() {
        checkBijector(Self.spline(), at: Tensor.linearSpace(from: -2.9, to: 2.9, count: 59, dtype: .float64))
    }

    @Test("The curve rises")
    func rising() {
        let x = Tensor.linearSpace(from: -3, to: 3, count: 6001, dtype: .float64)
        for map in [Self.spline().forward, Self.spline().inverse] {
            let y = map(x).value
            let steps = y.sliced(along: 0, from: 1, to: 6001) - y.sliced(along: 0, from: 0, to: 6000)
            #expect((steps .> 0).allTrue())
        }
    }

    @Test("Zeros make the identity, and one piece is no bend", arguments: [1, 2, 8])
    func identity(_ pieces: Int) {
        let spline = RationalQuadraticSpline(
            widths: .zeros([pieces], dtype: .float64), heights: .zeros([pieces], dtype: .float64),
            slopes: .zeros([pieces - 1], dtype: .float64))
        let x = Tensor.linearSpace(from: -7, to: 7, count: 29, dtype: .float64)
        for moved in [spline.forward(x), spline.inverse(x)] {
            expectClose(moved.value, x, absolute: 1e-12)
            expectClose(moved.logDeterminant, Tensor(zerosLike: x), absolute: 1e-12)
        }
    }

    /// Knots, both ends, just beyond them and far away; the last has no finite square in float32.
    @Test(
        "At the ends and outside there is no NaN, in values and gradients",
        arguments: [DType.float64, .float32], [true, false])
    func ends(_ dtype: DType, isForward: Bool) {
        let places: [Double] = [2, 2.000001, 2.5, 1e3, 1e6, 1e30]
        let x = Tensor(places.map { -$0 } + places).converted(to: dtype)
        let spline = Self.spline(dtype)
        let moved = isForward ? spline.forward(x) : spline.inverse(x)
        expectClose(moved.value, x, relative: 1e-6)
        expectClose(moved.logDeterminant, Tensor(zerosLike: x), absolute: 1e-5)

        let parameters = [[5], [5], [4]].map { Tensor(repeating: 0.3, shape: $0, dtype: dtype) }
        let gradients = valueWithGradients(at: [x] + parameters) { inputs in
            let spline = RationalQuadraticSpline(
                widths: inputs[1], heights: inputs[2], slopes: inputs[3], bound: 2)
            let moved = isForward ? spline.forward(inputs[0]) : spline.inverse(inputs[0])
            return (moved.value + moved.logDeterminant).sum()
        }.gradients
        for gradient in gradients { #expect(gradient.isFinite().allTrue()) }
        let outside = TensorIndex.range(1..<6)
        expectClose(gradients[0][outside], .ones([5], dtype: dtype), "the slope of the identity")
    }

    @Test("The gradients of the knots are those of central differences, in both directions")
    func gradients() {
        let x = Tensor([-1.71, -0.93, 0.17, 1.13, 1.87])
        let numbers = [
            Tensor([0.3, -1.2, 0.8, 0, 1.5]), Tensor([-0.7, 1.1, 0.2, -1.4, 0.9]),
            Tensor([1.3, -0.9, 2.5, -2.0]),
        ]
        for isForward in [true, false] {
            expectGradientsMatch(at: numbers + [x], step: 1e-4, relative: 1e-6, absolute: 1e-6) {
                let spline = RationalQuadraticSpline(widths: $0[0], heights: $0[1], slopes: $0[2], bound: 2)
                let moved = isForward ? spline.forward($0[3]) : spline.inverse($0[3])
                return moved.value + moved.logDeterminant
            }
        }
    }

    @Test("In float32 the way there and back ends within 1e-5")
    func singlePrecision() {
        let x = Tensor.linearSpace(from: -3, to: 3, count: 6001)
        let spline = Self.spline(.float32)
        expectClose(spline.forward(spline.inverse(x).value).value, x, absolute: 1e-5)
        expectClose(spline.inverse(spline.forward(x).value).value, x, absolute: 1e-5)
    }
}
