import Bounds
import Tensors
import TestSupport
import Testing

@Suite("Sums over examples")
struct SumsTests {
    static var first: Sums { Sums(examples: 3, ["loss": Tensor(6.0), "rates": Tensor([1.0, 2])]) }

    @Test("Adding adds sums and examples, and a mean is over all of them")
    func adding() {
        let both = Self.first + Sums(examples: 5, ["rates": Tensor([10.0, 20]), "loss": Tensor(2.0)])
        #expect(both.examples == 8)
        expectClose(both["rates"], Tensor([11.0, 22]))
        expectClose(both.mean("loss"), Tensor(1.0))
    }

    @Test("Merging takes other names in, and keeps the examples")
    func merging() {
        let merged = Self.first.merging(["distortion": Tensor(9.0)])
        #expect(merged.examples == 3)
        expectClose(merged.mean("distortion"), Tensor(3.0))
        expectClose(merged["loss"], Tensor(6.0))
    }

    @Test("In double they keep digits that float32 loses")
    func double() {
        let small = Sums(examples: 1, ["loss": Tensor(1, dtype: .float32)])
        let large = Sums(examples: 1, ["loss": Tensor(1e8, dtype: .float32)])
        expectClose((small + large)["loss"].scalar(), 1e8)
        expectClose((small.inDouble + large.inDouble)["loss"].scalar(), 100_000_001)
    }

    @Test("Sums of different names do not add up, and a missing one is named")
    func names() async {
        await #expect(processExitsWith: .failure) {
            _ = SumsTests.first + Sums(examples: 1, ["loss": Tensor(6.0)])
        }
        let missing = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = SumsTests.first.mean("rate")
        }
        expectStandardError(of: missing, says: ["'rate'", "loss", "rates"])
    }
}
