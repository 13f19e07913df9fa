import Datasets
import Tensors
import TestSupport
import Testing

@Suite("Splits")
struct DataSplitsTests {
    static func values(_ source: any DataSource) throws -> [Double] {
        try source.examples(at: Array(0..<source.count)).selected(0, along: 1).array()
    }

    @Test("Setting aside parts the training split, as the seed says")
    func settingAside() throws {
        let whole = DataSplits(training: numbers(50, labels: (0..<50).map { $0 + 100 }), test: numbers(3))
        let splits = try whole.settingAside(20, using: Generator(seed: 1))
        let training = try Self.values(splits.training)
        let validation = try Self.values(try #require(splits.validation))
        #expect(training.count == 30 && validation.count == 20)
        #expect(Set(training + validation) == Set((0..<50).map(Double.init)))
        #expect(splits.validation?.labels == validation.map { Int($0) + 100 })
        #expect(splits.test?.count == 3)
        let again = try whole.settingAside(20, using: Generator(seed: 1))
        #expect(try Self.values(again.training) == training)
        let other = try whole.settingAside(20, using: Generator(seed: 2))
        #expect(try Self.values(other.training) != training)
    }

    @Test("Nothing is set aside when none is asked for or the set has a split of its own")
    func nothingAside() throws {
        let whole = DataSplits(training: numbers(5))
        #expect(try whole.settingAside(0, using: Generator(seed: 1)).validation == nil)
        let own = DataSplits(training: numbers(5), validation: numbers(2))
        #expect(try own.settingAside(3, using: Generator(seed: 1)).validation?.count == 2)
        expectLine(["numbers has 5 examples", "5 for validation"]) {
            try whole.settingAside(5, using: Generator(seed: 1))
        }
    }

    @Test("Splits have names, and what is held out is the least seen of them")
    func names() throws {
        let splits = DataSplits(training: numbers(5), test: numbers(2))
        #expect(try splits.split(named: "test").count == 2)
        #expect(splits.heldOut.name == "test")
        #expect(DataSplits(training: numbers(5)).heldOut.name == "training")
        expectLine(["numbers has no validation split", "training, test"]) {
            try splits.split(named: "validation")
        }
    }
}
