import Tensors
import TestSupport
import Testing

@Suite("Shapes")
struct ShapeTests {
    let x = Tensor.range(to: 24, dtype: .float64).reshaped([2, 3, 4])

    @Test("Reshaping keeps row-major order and works out one size")
    func reshape() {
        #expect(x.reshaped([4, -1]).shape == [4, 6])
        expectClose(x.reshaped([4, 6])[1, 2], Tensor(8.0))
        #expect(x.flattened().shape == [24])
        #expect(x.flattened(from: 1).shape == [2, 12])
        #expect(x.flattened(from: 3).shape == [2, 3, 4, 1])
        #expect(Tensor(1).flattened().shape == [1])
        #expect(Tensor.zeros([0, 3, 2]).flattened(from: 1).shape == [0, 6])
    }

    @Test("Axes change places")
    func permute() {
        let permuted = x.permuted([2, 0, 1])
        #expect(permuted.shape == [4, 2, 3])
        expectClose(permuted[3, 1, 0], x[1, 0, 3])
        let first: [Double] = [0, 4, 8, 12, 16, 20]
        #expect(permuted.array() == (0..<4).flatMap { shift in first.map { $0 + Double(shift) } })
        expectClose(x.transposed(), x.permuted([0, 2, 1]))
        expectClose(x.transposed(0, 1), x.permuted([1, 0, 2]))
    }

    @Test("Axes come, go and repeat")
    func axes() {
        #expect(x.expanded(at: 0).shape == [1, 2, 3, 4])
        #expect(x.expanded(at: -1).shape == [2, 3, 4, 1])
        #expect(x.expanded(at: 1).squeezed(at: 1).shape == x.shape)
        let row = Tensor([1.0, 2])
        expectClose(row.broadcast(to: [3, 2]), Tensor([1.0, 2, 1, 2, 1, 2], shape: [3, 2]))
        #expect(row.broadcast(to: [3, -1]).shape == [3, 2])
        expectClose(row.repeatingElements(2, along: 0), Tensor([1.0, 1, 2, 2]))
        expectClose(
            Tensor([1.0, 2, 3, 4], shape: [2, 2]).reversed(along: 0, 1),
            Tensor([4.0, 3, 2, 1], shape: [2, 2]))
    }

    @Test("Splitting undoes joining")
    func joining() {
        let parts = x.split([1, 0, 3], along: -1)
        #expect(parts.map(\.shape) == [[2, 3, 1], [2, 3, 0], [2, 3, 3]])
        expectClose(Tensor.concatenated(parts, along: 2), x)
        let stacked = Tensor.stacked([x, -x], along: 1)
        #expect(stacked.shape == [2, 2, 3, 4])
        expectClose(stacked[.all, 1], -x)
        #expect(Tensor.stacked([x, x, x]).shape == [3, 2, 3, 4])
    }

    @Test("Triangles and diagonals")
    func triangles() {
        let square = Tensor([1.0, 2, 3, 4, 5, 6, 7, 8, 9], shape: [3, 3])
        expectClose(square.lowerTriangle(), Tensor([1.0, 0, 0, 4, 5, 0, 7, 8, 9], shape: [3, 3]))
        expectClose(
            square.lowerTriangle(diagonal: -1), Tensor([0.0, 0, 0, 4, 0, 0, 7, 8, 0], shape: [3, 3]))
        expectClose(square.upperTriangle(diagonal: 1), Tensor([0.0, 2, 3, 0, 0, 6, 0, 0, 0], shape: [3, 3]))
        expectClose(square.diagonal(), Tensor([1.0, 5, 9]))
        expectClose(square.diagonal().diagonalMatrix(), square * Tensor.identity(3))
        #expect(Tensor.ones([5, 3]).diagonalMatrix().shape == [5, 3, 3])
    }

    @Test("A view shares its elements with the tensor it came from")
    func views() {
        let base = x.copy()
        base.reshaped([24])[5].copy(from: Tensor(-1))
        expectClose(base[0, 1, 1], Tensor(-1))
        expectClose(x[0, 1, 1], Tensor(5.0))
    }

    static let functions: [NamedFunction] = [
        .init("reshaped") { $0.reshaped([6, 4]) },
        .init("permuted") { $0.permuted([2, 0, 1]) },
        .init("broadcast") { $0.expanded(at: 0).broadcast(to: [2, 2, 3, 4]) },
        .init("reversed") { $0.reversed(along: 1) },
        .init("repeatingElements") { $0.repeatingElements(3, along: 1) },
        .init("concatenated") { .concatenated([$0, $0 * 2, $0.squared()], along: 1) },
        .init("stacked") { .stacked([$0, $0 * 2], along: 3) },
        .init("split") { $0.split([1, 2], along: 1)[1] },
        .init("lowerTriangle") { $0.lowerTriangle() },
        .init("upperTriangle") { $0.upperTriangle(diagonal: 1) },
        .init("diagonal") { $0.diagonal() },
        .init("diagonalMatrix") { $0.diagonalMatrix() },
    ]

    @Test("Gradients agree with central differences", arguments: functions)
    func gradients(_ function: NamedFunction) {
        expectGradientMatches(at: x / 10, of: function.apply)
    }
}
