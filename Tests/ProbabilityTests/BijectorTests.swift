import Probability
import TestSupport
import Tensors
import Testing

@Suite("Plain bijectors")
struct BijectorTests {
    static let order = Permutation([2, 0, 3, 1])

    @Test("Orders of elements keep the laws, also inverted and one after the other")
    func laws() {
        let reversal = Permutation.reversal(of: 4)
        let bijectors: [any Bijector] = [
            Self.order, reversal, Inverted(Self.order), Composition([Self.order, reversal]),
        ]
        var generator = Generator(seed: 2)
        let x = generator.normal([5, 4], dtype: .float64)
        for bijector in bijectors { checkBijector(bijector, at: x) }
    }

    @Test("A permutation brings each element to the place that names it")
    func permutation() {
        let x = Tensor([10.0, 11, 12, 13])
        expectClose(Self.order.forward(x).value, Tensor([12.0, 10, 13, 11]))
        expectClose(Self.order.inverse(x).value, Tensor([11.0, 13, 10, 12]))
        expectClose(Permutation.reversal(of: 4).forward(x).value, Tensor([13.0, 12, 11, 10]))
        expectClose(Self.order.forward(Tensor.stacked([x, x])).logDeterminant, .zeros([2], dtype: .float64))
    }

    @Test("What is inverted twice is as it was")
    func inverted() {
        let x = Tensor([10.0, 11, 12, 13])
        let once = Inverted(Self.order)
        expectClose(once.forward(x).value, Self.order.inverse(x).value)
        expectClose(Inverted(once).forward(x).value, Self.order.forward(x).value)
    }
}
