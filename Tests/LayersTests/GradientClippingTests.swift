import Layers
import Tensors
import TestSupport
import Testing

@Suite("Gradient clipping")
struct GradientClippingTests {
    struct Golden: Decodable {
        let before, after: [GoldenTensor]
        let norm: Double
    }

    @Test("norm and result are PyTorch's, above the limit and below", arguments: [0, 1])
    func agreement(row: Int) throws {
        let row = try goldenValues("layers/clipping", as: [Golden].self)[row]
        var gradients = row.before.map(\.tensor)
        let norm = gradients.clip(toGlobalNorm: 1)
        expectClose(norm.scalar(), row.norm, relative: 1e-11)
        for (found, expected) in zip(gradients, row.after) {
            expectClose(found, expected.tensor, relative: 1e-10)
        }
    }

    @Test("float32 gradients stay float32")
    func dtype() {
        var gradients: [Tensor] = [.ones([4]), .ones([5])]
        gradients.clip(toGlobalNorm: 1.5)
        #expect(gradients.map(\.dtype) == [.float32, .float32])
        expectClose(gradients[1], Tensor(repeating: 0.5, shape: [5]), relative: 1e-6)
    }

    @Test("gradients that share storage are scaled once each")
    func aliases() {
        let shared = Tensor(repeating: 2, shape: [2])
        var gradients = [shared, shared]
        gradients.clip(toGlobalNorm: 2)
        expectClose(gradients[0], .ones([2]), relative: 1e-6)
        expectClose(gradients[1], .ones([2]), relative: 1e-6)
        expectClose(shared, Tensor(repeating: 2, shape: [2]))
    }

    @Test("the norm counts every element of large and small tensors once")
    func unequalSizes() {
        let sizes = [40_000, 3, 16_384, 1, 70_001, 17, 5, 9]
        let gradients = sizes.map { Tensor.ones([$0]) }
        let expected = Double(sizes.reduce(0, +)).squareRoot()
        expectClose(gradients.globalNorm().array(), [expected], relative: 1e-12)
    }

    @Test(
        "the norm tells whether every element is finite",
        arguments: [Double.nan, .infinity, -.infinity, 1e18])
    func finite(value: Double) {
        let gradients = [Tensor.ones([3]), Tensor([Float(1), Float(value), 1])]
        #expect(gradients.globalNorm().scalar().isFinite == value.isFinite)
    }
}
