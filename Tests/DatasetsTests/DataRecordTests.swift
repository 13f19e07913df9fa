import Datasets
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("The record of a run's data")
struct DataRecordTests {
    /// Rows with the numbers given, two columns each.
    private static func source(_ numbers: [Int]) -> InMemorySource {
        let values = numbers.flatMap { [Float($0), Float($0 * $0)] }
        return InMemorySource(
            name: "rows", examples: Tensor(values, shape: [numbers.count, 2]), elementKind: .real)
    }

    private static func numbers(_ source: any DataSource) throws -> [Int] {
        try source.examples(at: Array(0..<source.count)).selected(0, along: 1).array(of: Float.self).map {
            Int($0)
        }
    }

    private static func record(_ numbers: [Int]) throws -> (record: DataRecord, splits: DataSplits) {
        let splits = try DataSplits(training: source(numbers), test: source([90, 91]))
            .settingAside(3, using: Generator(seed: 1))
        return (try DataRecord(splits), splits)
    }

    @Test("The same data are divided as before")
    func same() throws {
        let (record, splits) = try Self.record(Array(0..<10))
        let opened = DataSplits(training: Self.source(Array(0..<10)), test: Self.source([90, 91]))
        let found = try record.divide(opened, needing: ["training", "validation", "test"])
        for name in ["training", "validation", "test"] {
            #expect(try Self.numbers(found.split(named: name)) == Self.numbers(splits.split(named: name)))
        }
        #expect(found.notes.isEmpty)
    }

    @Test("Added examples and another order change no split; added ones are counted")
    func added() throws {
        let (record, splits) = try Self.record(Array(0..<10))
        let opened = DataSplits(
            training: Self.source([77] + (0..<10).reversed() + [78]), test: Self.source([91, 90]))
        let found = try record.divide(opened, needing: ["training", "validation", "test"])
        for name in ["training", "validation", "test"] {
            #expect(try Self.numbers(found.split(named: name)) == Self.numbers(splits.split(named: name)))
        }
        #expect(found.notes.count == 1 && found.notes[0].contains("2 examples were added"))
    }

    @Test("What is gone or has changed is refused where it is needed, and noted elsewhere")
    func missing() throws {
        let (record, splits) = try Self.record(Array(0..<10))
        let lost = try Self.numbers(#require(splits.validation))[0]
        let opened = DataSplits(
            training: Self.source((0..<10).map { $0 == lost ? 55 : $0 }), test: Self.source([90, 91]))
        let reason = "1 of the 3 validation examples of the run are gone or have changed"
        #expect(throws: DatasetsError.changed(set: "rows", reason: reason)) {
            try record.divide(opened, needing: ["validation"])
        }
        let found = try record.divide(opened, needing: ["test"])
        #expect(found.notes.contains { $0.contains(reason) })
        #expect(try Self.numbers(#require(found.test)) == [90, 91])
    }

    @Test("Equal examples are found as often as they are there")
    func equal() throws {
        let record = try DataRecord(DataSplits(training: Self.source([4, 4, 4, 5])))
        #expect(throws: DatasetsError.self) {
            try record.divide(DataSplits(training: Self.source([4, 4, 5])), needing: ["training"])
        }
    }

    @Test("Examples of another shape are refused")
    func shape() throws {
        let (record, _) = try Self.record(Array(0..<10))
        let other = InMemorySource(name: "rows", examples: .zeros([10, 3]), elementKind: .real)
        #expect(throws: DatasetsError.self) { try record.divide(DataSplits(training: other), needing: []) }
    }

    @Test("It comes back from its file, and damage is found")
    func file() throws {
        try withTemporaryFolder { folder in
            let (record, _) = try Self.record(Array(0..<10))
            let url = folder.appendingPathComponent("data.safetensors")
            try record.write(to: url)
            #expect(try DataRecord(readingFrom: url) == record)
            var bytes = try Data(contentsOf: url)
            bytes[bytes.count - 3] ^= 4
            try bytes.write(to: url)
            #expect(throws: (any Error).self) { try DataRecord(readingFrom: url) }
        }
    }

    @Test("An example's class is part of its hash")
    func classes() throws {
        let examples = Tensor([Float(1), 2], shape: [2, 1])
        let sources = [[0, 1], [0, 2]].map {
            InMemorySource(name: "a", examples: examples, elementKind: .real, labels: $0)
        }
        let hashes = try sources.map { try $0.exampleHashes() }
        #expect(hashes[0][0] == hashes[1][0] && hashes[0][1] != hashes[1][1])
    }
}
