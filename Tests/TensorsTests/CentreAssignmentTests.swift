import Tensors
import TestSupport
import Testing

@Suite("Assignment to centres")
struct CentreAssignmentTests {
    @Test(
        "Labels, sums and counts follow centres as they move",
        arguments: [DType.float64, .float32], [[5003, 3, 5], [900, 100, 30], [17, 4, 17], [40, 2, 1]])
    func follows(_ dtype: DType, _ sizes: [Int]) {
        var generator = Generator(seed: 11)
        let x = generator.normal([sizes[0], sizes[1]], dtype: dtype)
        var centres = x.sliced(along: 0, from: 0, to: sizes[2]).copy()
        var assignment = CentreAssignment(of: x, centres: sizes[2])
        for step in 0..<12 {
            let before = assignment.labels.copy()
            let changed = assignment.assign(to: centres)
            let labels = assignment.labels
            #expect(changed == Int((before .!= labels).converted(to: .int64).sum().scalar()))
            let squares = (x.expanded(at: 1) - centres).squared().sum(along: -1)
            // Float32 may take a centre for the nearest that is so but for rounding.
            expectClose(
                squares.gatheringElements(at: labels.expanded(at: 1), along: 1).squeezed(at: 1),
                squares.min(along: 1), relative: dtype == .float64 ? 1e-14 : 1e-5, "step \(step)")
            let members = labels.oneHot(classes: sizes[2]).converted(to: .float64)
            expectClose(
                assignment.sums, members.transposed().matmul(x.converted(to: .float64)), absolute: 1e-10)
            expectClose(assignment.counts, members.sum(along: 0))
            expectClose(
                assignment.squares, x.converted(to: .float64).squared().sum().scalar(), relative: 1e-12)
            // Some stay, some move a little, and now and then one jumps.
            let means = assignment.sums / assignment.counts.clamped(from: 1).expanded(at: 1)
            centres = means.converted(to: dtype)
            if step % 4 == 3 { centres = centres + generator.normal(centres.shape, dtype: dtype) }
        }
    }

    @Test("Of equally near centres the first is taken")
    func ties() {
        var assignment = CentreAssignment(of: Tensor([1.0, 3.0], shape: [2, 1]), centres: 3)
        #expect(assignment.assign(to: Tensor([2.0, 2.0, 4.0], shape: [3, 1])) == 2)
        #expect(assignment.labels.array(of: Int.self) == [0, 0])
    }

    @Test("A row that is moved takes its numbers along, and is looked at again")
    func moves() {
        let x = Tensor([0.0, 1, 10, 11], shape: [4, 1])
        let centres = Tensor([0.5, 10.5], shape: [2, 1])
        var assignment = CentreAssignment(of: x, centres: 2)
        #expect(assignment.assign(to: centres) == 4)
        assignment.move(row: 3, to: 0)
        #expect(assignment.counts.array(of: Double.self) == [3, 1])
        #expect(assignment.sums.array(of: Double.self) == [12, 10])
        #expect(assignment.assign(to: centres) == 1)
        #expect(assignment.labels.array(of: Int.self) == [0, 0, 1, 1])
        #expect(assignment.sums.array(of: Double.self) == [1, 21])
    }

    @Test("Threads do not change a bit")
    func threads() {
        var generator = Generator(seed: 12)
        let x = generator.normal([20_000, 6], dtype: .float32)
        let before = Engine.threadCount
        defer { Engine.threadCount = before }
        let sums = [1, 2].map { count in
            Engine.threadCount = count
            var assignment = CentreAssignment(of: x, centres: 7)
            _ = assignment.assign(to: x.sliced(along: 0, from: 0, to: 7))
            return assignment.sums
        }
        expectClose(sums[0], sums[1])
    }
}
