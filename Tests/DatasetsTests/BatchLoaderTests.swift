import Datasets
import Foundation
import Synchronization
import Tensors
import TestSupport
import Testing

@Suite("Batches")
struct BatchLoaderTests {
    static let order = Generator(seed: 5)

    static func loader(_ count: Int = 103, batchSize: Int = 10, seed: UInt64 = 5) throws -> BatchLoader {
        try BatchLoader(numbers(count), batchSize: batchSize, shuffledBy: Generator(seed: seed))
    }

    static func read(_ batches: some Sequence<Result<Batch, any Error>>) throws -> [Batch] {
        try batches.map { try $0.get() }
    }

    @Test("An epoch's order is a permutation", arguments: [(1, 1), (7, 3), (103, 10), (1000, 1000)])
    func permutation(count: Int, batchSize: Int) throws {
        let plan = try Self.loader(count, batchSize: batchSize).plan(epoch: 3)
        #expect(plan.flatMap(\.self).sorted() == Array(0..<count))
        #expect(plan.dropLast().allSatisfy { $0.count == batchSize })
        #expect(try plan.count == Self.loader(count, batchSize: batchSize).batchCount)
    }

    @Test("The order is a function of seed and epoch, and of each of them")
    func orderIsPure() throws {
        let plan = try Self.loader().plan(epoch: 4)
        #expect(try plan == Self.loader().plan(epoch: 4))
        #expect(try plan != Self.loader().plan(epoch: 5))
        #expect(try plan != Self.loader(seed: 6).plan(epoch: 4))
    }

    @Test("The order is the one that earlier versions drew")
    func orderIsFixed() throws {
        var generator = Generator(seed: 1)
        #expect(generator.permutation(of: 10) == [4, 2, 3, 9, 0, 7, 5, 1, 6, 8])
        #expect(generator.permutation(of: 0) == [])
    }

    @Test("Each place is taken equally often, within 4 standard errors")
    func permutationIsUniform() {
        var generator = Generator(seed: 2)
        let trials = 20_000
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 5), count: 5)
        for _ in 0..<trials {
            for (place, value) in generator.permutation(of: 5).enumerated() { counts[place][value] += 1 }
        }
        let standardError = (Double(trials) * 0.2 * 0.8).squareRoot()
        for count in counts.joined() {
            #expect(abs(Double(count) - Double(trials) / 5) < 4 * standardError)
        }
    }

    @Test("Batches hold the examples of their indices, read ahead or not")
    func readingAheadChangesNothing() throws {
        let loader = try Self.loader()
        let batches = try Self.read(loader.batches(epoch: 2))
        #expect(batches.map(\.indices) == loader.plan(epoch: 2))
        for batch in batches {
            expectClose(batch.examples, try loader.source.examples(at: batch.indices))
            expectClose(batch.examples.selected(1, along: 1).array(), batch.indices.map(Double.init))
        }
        #expect(batches.last?.indices.count == 3)
    }

    @Test("An epoch goes on at any batch with the same bytes", arguments: [0, 1, 7, 10, 11])
    func resuming(start: Int) throws {
        let whole = try Self.read(try Self.loader().batches(epoch: 1))
        let rest = try Self.read(try Self.loader().batches(epoch: 1, startingAt: start))
        #expect(rest.map(\.indices) == whole.dropFirst(start).map(\.indices))
        for (a, b) in zip(rest, whole.dropFirst(start)) { expectClose(a.examples, b.examples) }
    }

    @Test("Without a shuffle examples come in order, all of them, in batches however large")
    func sequential() throws {
        let loader = try BatchLoader(numbers(7), batchSize: 100)
        #expect(loader.plan(epoch: 0) == [Array(0..<7)])
        #expect(loader.plan(epoch: 1) == loader.plan(epoch: 0))
    }

    @Test("A failure comes after the batches before it, and ends the epoch")
    func failures() throws {
        let loader = try BatchLoader(CountingSource(count: 50, failingAt: 23), batchSize: 10)
        let results = Array(loader.batches())
        #expect(results.count == 3)
        #expect(try results[1].get().indices == Array(10..<20))
        #expect(throws: CountingSource.Failure.self) { try results[2].get() }
    }

    @Test("Giving up an epoch ends its thread and reads no more than a few batches ahead")
    func givingUp() throws {
        weak var released: CountingSource?
        try {
            let source = CountingSource(count: 10_000)
            released = source
            let loader = try BatchLoader(source, batchSize: 10)
            for batch in loader.batches() {
                #expect(try batch.get().indices.first == 0)
                break
            }
        }()
        // The thread holds the source until it ends.
        let deadline = Date(timeIntervalSinceNow: 30)
        while released != nil, Date() < deadline { Thread.sleep(forTimeInterval: 0.005) }
        #expect(released == nil)
    }

    @Test("Not more than four batches are made before one is taken")
    func leadIsBounded() throws {
        let source = CountingSource(count: 10_000)
        let batches = try BatchLoader(source, batchSize: 10).batches()
        var iterator = batches.makeIterator()
        let deadline = Date(timeIntervalSinceNow: 30)
        while source.requests.withLock({ $0 }) < 4, Date() < deadline { Thread.sleep(forTimeInterval: 0.005) }
        Thread.sleep(forTimeInterval: 0.05)
        #expect(source.requests.withLock { $0 } == 4)
        #expect(iterator.next() != nil)
    }

    @Test("A batch larger than the set, and an empty set, are refused in a line")
    func refusals() throws {
        expectLine(["numbers has 1 example,", "batch of 2", "smaller batch size"]) {
            try BatchLoader(numbers(1), batchSize: 2, shuffledBy: Self.order)
        }
        expectLine(["counting has 0 examples"]) {
            try BatchLoader(CountingSource(count: 0), batchSize: 1)
        }
        _ = try BatchLoader(numbers(1), batchSize: 1, shuffledBy: Self.order)
    }
}
