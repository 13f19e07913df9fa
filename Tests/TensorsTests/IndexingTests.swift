import Tensors
import TestSupport
import Testing

@Suite("Indexing")
struct IndexingTests {
    let x = Tensor.range(to: 24, dtype: .float64).reshaped([2, 3, 4])

    @Test("A subscript names places, ranges, whole axes and new ones")
    func subscripts() {
        expectClose(x[1, 2, 3], Tensor(23.0))
        expectClose(x[-1, -1, -1], Tensor(23.0))
        expectClose(x[0, .all, 1], Tensor([1.0, 5, 9]))
        expectClose(x[.all, 0, .range(1..<3)], Tensor([1, 2, 13, 14.0], shape: [2, 2]))
        expectClose(x[1, 1, .range(0..<4, by: 2)], Tensor([12.0 + 4, 18]))
        expectClose(x[0, 0, .from(-2)], Tensor([2.0, 3]))
        expectClose(x[0, 0, .upTo(-1)], Tensor([0.0, 1, 2]))
        #expect(x[.newAxis, .all, .newAxis, 0].shape == [1, 2, 1, 4])
        #expect(x[.all, .range(2..<2)].shape == [2, 0, 4])
        expectClose(x.sliced(along: 2, from: 2, to: 100), x[.all, .all, .from(2)])
    }

    @Test("Whole places are gathered in any order, with repeats")
    func gathering() {
        let places = Tensor([2, 0, 2])
        expectClose(x.gathering(places, along: 1), .stacked([x[.all, 2], x[.all, 0], x[.all, 2]], along: 1))
        #expect(x.gathering(Tensor([Int]()), along: 0).shape == [0, 3, 4])
    }

    @Test("Elements are gathered one by one, and scattering undoes it")
    func elements() {
        let rows = Tensor([10, 11, 12, 20, 21, 22.0], shape: [2, 3])
        let order = Tensor([2, 0, 1, 1, 2, 0], shape: [2, 3])
        let gathered = rows.gatheringElements(at: order, along: 1)
        expectClose(gathered, Tensor([12, 10, 11, 21, 22, 20.0], shape: [2, 3]))
        expectClose(Tensor(zerosLike: rows).scattering(gathered, at: order, along: 1), rows)
    }

    @Test("Equal places add up, and the tensor itself stays")
    func scatterAdding() {
        let start = Tensor([1.0, 1, 1])
        let sum = start.scatterAdding(Tensor([1.0, 2, 3, 4]), at: Tensor([0, 2, 2, 0]), along: 0)
        expectClose(sum, Tensor([6.0, 1, 6]))
        expectClose(start, Tensor([1.0, 1, 1]))
    }

    @Test("Masks select, and one-hot rows count classes")
    func masks() {
        expectClose(x.elements(where: x .> 20.0), Tensor([21.0, 22, 23]))
        #expect(x.elements(where: x .> 99.0).shape == [0])
        let hot = Tensor([2, 0]).oneHot(classes: 3)
        #expect(hot.array() == [0, 0, 1, 1, 0, 0] && hot.shape == [2, 3] && hot.dtype == .int64)
    }

    static let functions: [NamedFunction] = [
        .init("subscript") { $0[.all, 1, .range(1..<4, by: 2)] },
        .init("gathering") { $0.gathering(Tensor([2, 0, 2]), along: 1) },
        .init("gatheringElements") {
            $0.gatheringElements(at: Tensor([1, 0, 0, 1, 1, 1, 0, 0], shape: [2, 1, 4]), along: 0)
        },
        .init("scattering") { $0[0, 0].scattering($0[1, 1, .upTo(2)] * 3, at: Tensor([3, 0]), along: 0) },
        .init("scatterAdding") { $0[0, 0].scatterAdding($0[1, 2], at: Tensor([1, 1, 3, 1]), along: 0) },
        .init("elements(where:)") { $0.elements(where: $0 .> 1.05) },
        .init("replacing") { $0.replacing(with: $0.squared(), where: $0 .< 0.95) },
    ]

    @Test("Gradients agree with central differences", arguments: functions)
    func gradients(_ function: NamedFunction) {
        expectGradientMatches(at: x / 10, of: function.apply)
    }
}
