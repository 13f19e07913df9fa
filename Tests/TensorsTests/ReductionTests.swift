import Tensors
import TestSupport
import Testing

@Suite("Reductions")
struct ReductionTests {
    let x = Tensor([1.0, -2, 4, 0.5, 3, -1, 2, 2.5, 0, 7, -3, 1.5], shape: [2, 2, 3])

    @Test("No axis means all, several axes at once, negative axes count from the end")
    func axes() {
        expectClose(x.sum(), Tensor(15.5))
        expectClose(x.sum(along: 2), Tensor([3, 2.5, 4.5, 5.5], shape: [2, 2]))
        expectClose(x.sum(along: -1), x.sum(along: 2))
        expectClose(x.sum(along: 0, 2), Tensor([7.5, 8.0]))
        expectClose(x.sum(along: [0, 2]), x.sum(along: 0, 2))
        #expect(x.sum(along: 1, keepingAxes: true).shape == [2, 1, 3])
        #expect(x.mean(keepingAxes: true).shape == [1, 1, 1])
    }

    @Test("Mean, variance and norm")
    func moments() {
        expectClose(x.mean(along: 2), Tensor([1, 2.5 / 3, 1.5, 5.5 / 3], shape: [2, 2]), relative: 1e-15)
        let row = Tensor([1.0, 2, 4, 5])
        expectClose(row.variance(), Tensor(10.0 / 3, dtype: .float64), relative: 1e-15)
        expectClose(row.variance(isUnbiased: false), Tensor(2.5), relative: 1e-15)
        expectClose(Tensor([3.0, -4]).norm(), Tensor(5.0), relative: 1e-15)
        expectClose(Tensor([3.0, -4]).norm(order: 1), Tensor(7.0), relative: 1e-15)
        expectClose(Tensor([3.0, -4]).norm(order: .infinity), Tensor(4.0))
    }

    @Test("Extremes and their places")
    func extremes() {
        expectClose(x.max(), Tensor(7.0))
        expectClose(x.min(along: 0, 1), Tensor([0.5, -3, -1]))
        expectClose(x.max(along: 1), Tensor([1, 3, 4, 7, 2.5, 1.5], shape: [2, 3]))
        #expect(x.argmax(along: 2).array() == [2, 1, 1, 0])
        #expect(x.argmin(along: -1).array() == [1, 2, 2, 1])
        #expect(x.argmax(along: 2, keepingAxes: true).shape == [2, 2, 1])
    }

    @Test("Equal extremes share the gradient")
    func ties() {
        let tied = Tensor([2.0, 5, 5, 1, 1])
        expectClose(gradient(at: tied) { $0.max() }, Tensor([0, 0.5, 0.5, 0, 0]))
        expectClose(gradient(at: tied) { $0.min() }, Tensor([0, 0, 0, 0.5, 0.5]))
    }

    @Test("logSumExp, softmax and logSoftmax neither overflow nor underflow")
    func exponentials() {
        let large = Tensor([1000, 1001, -1000.0])
        let logTotal = 1001.3132616875182
        expectClose(large.logSumExp(), Tensor(logTotal, dtype: .float64), relative: 1e-15)
        expectClose(large.logSumExp(along: 0, keepingAxes: true), Tensor([logTotal]), relative: 1e-15)
        expectClose(large.logSoftmax(along: 0), large - logTotal, relative: 1e-12)
        expectClose(
            large.softmax(along: 0), Tensor([0.2689414213699951, 0.7310585786300049, 0]), relative: 1e-12)
        expectClose(Tensor(3.5).logSumExp(), Tensor(3.5))
        expectClose(x.logSumExp(along: 0, 2), x.exp().sum(along: 0, 2).log(), relative: 1e-14)
        #expect(Tensor([-Double.infinity, -.infinity]).logSumExp().scalar() == -.infinity)
    }

    @Test("Running sums and stable sorting")
    func runningAndSorting() {
        expectClose(Tensor([1.0, 2, -4]).cumulativeSum(along: 0), Tensor([1.0, 3, -1]))
        let ties = Tensor([2, 1, 2, 0, 1])
        #expect(ties.sortedIndices(along: 0).array() == [3, 1, 4, 0, 2])
        #expect(ties.sortedIndices(along: 0, descending: true).array() == [0, 2, 1, 4, 3])
    }

    @Test("Nothing adds up to zero, and has no mean")
    func empty() {
        let nothing = Tensor.zeros([0, 3])
        expectClose(nothing.sum(), Tensor(0))
        expectClose(nothing.sum(along: 0), Tensor.zeros([3]))
        #expect(nothing.sum(along: 1).shape == [0])
        #expect(nothing.mean().isNaN().allTrue())
        #expect(nothing.logSumExp(along: 0).array(of: Double.self) == [-.infinity, -.infinity, -.infinity])
    }

    static let functions: [NamedFunction] = [
        .init("sum") { $0.sum(along: 0, 2) },
        .init("mean") { $0.mean(along: 1) },
        .init("max") { $0.max(along: 2) },
        .init("min") { $0.min(along: 0) },
        .init("logSumExp") { $0.logSumExp(along: 1, 2) },
        .init("variance") { $0.variance(along: 2) },
        .init("variance by n") { $0.variance(isUnbiased: false) },
        .init("norm") { $0.norm(along: 2) },
        .init("norm of order 3") { $0.norm(order: 3) },
        .init("cumulativeSum") { $0.cumulativeSum(along: 1) },
        .init("softmax") { $0.softmax(along: 2) },
        .init("logSoftmax") { $0.logSoftmax(along: 0) },
    ]

    @Test("Gradients agree with central differences", arguments: functions)
    func gradients(_ function: NamedFunction) {
        // A zero is a kink of |x|³'s third derivative: keep off it.
        expectGradientMatches(at: x + 0.1, of: function.apply)
    }
}
