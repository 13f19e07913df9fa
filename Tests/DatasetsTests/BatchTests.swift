import Datasets
import Tensors
import TestSupport
import Testing

@Suite("A batch")
struct BatchTests {
    @Test("Without indices its examples are numbered from 0")
    func numbered() {
        let batch = Batch(.zeros([3, 2]))
        #expect(batch.indices == [0, 1, 2] && batch.count == 3 && batch.classes == nil)
    }

    @Test("A source gives examples with their indices and classes, in the order asked for")
    func ofSource() throws {
        let source = numbers(6, labels: [5, 4, 3, 2, 1, 0])
        let batch = try source.batch(at: [4, 0, 3])
        #expect(batch.indices == [4, 0, 3] && batch.classes == [1, 5, 2])
        expectClose(batch.examples, source.examples(at: [4, 0, 3]))
        let range = try source.batch(2..<5)
        #expect(range.indices == [2, 3, 4] && range.classes == [3, 2, 1])
        #expect(try numbers(4).batch(1..<3).classes == nil)
    }

    @Test("Examples of a part keep their indices in the whole set, and so their noise")
    func ofParts() throws {
        let part = SubsetSource(SubsetSource(numbers(9), at: [8, 6, 4, 2]), at: [3, 1])
        #expect(try part.batch(0..<2).indices == [2, 6])
    }

    @Test("A range of a batch keeps what belongs to its examples, and so do replaced examples")
    func parts() throws {
        let batch = try numbers(6, labels: [5, 4, 3, 2, 1, 0]).batch(at: [4, 0, 3, 5])
        let part = batch[1..<3]
        #expect(part.indices == [0, 3] && part.classes == [5, 2])
        expectClose(part.examples, batch.examples[.range(1..<3)])
        let replaced = batch.with(examples: batch.examples * 2)
        #expect(replaced.indices == batch.indices && replaced.classes == batch.classes)
        expectClose(replaced.examples, batch.examples * 2)
    }

    @Test("A loader's batches have the classes of their examples")
    func ofLoader() throws {
        let labels = (0..<23).map { $0 * 7 % 5 }
        let loader = try BatchLoader(
            numbers(23, labels: labels), batchSize: 4, shuffledBy: Generator(seed: 5))
        for batch in loader.batches(epoch: 1) {
            let batch = try batch.get()
            #expect(batch.classes == batch.indices.map { labels[$0] })
        }
    }
}
