import Tensors
import TestSupport
import Testing

@Suite("Tensors without elements")
struct ShapesOnlyTests {
    @Test("They have shapes and types, and take no memory however large")
    func shapes() async {
        await #expect(processExitsWith: .success) {
            var generator = Generator(seed: 1)
            let before = Engine.memory.held
            withShapesOnly {
                let weights = (generator.uniform([1 << 20, 1 << 20]) - 0.5) * 2
                #expect(weights.shape == [1 << 20, 1 << 20] && weights.dtype == .float32)
                #expect(weights.byteCount == 1 << 42)
                #expect(Tensor(zerosLike: weights).count == 1 << 40)
                #expect(generator.normal([1 << 16, 1 << 10]).orthogonalFactor().shape == [1 << 16, 1 << 10])
                let order = generator.uniform([1 << 30]).sortedIndices(along: 0)
                #expect(order.dtype == .int64)
            }
            #expect(Engine.memory.held - before < 1 << 20)
        }
    }

    @Test("What is read of them is zero")
    func reading() {
        withShapesOnly {
            #expect(Tensor.ones([3]).array(of: Float.self) == [0, 0, 0])
            #expect(Tensor(7).scalar() == 0)
        }
    }

    @Test("Afterwards, and after an error, tensors have elements again")
    func afterwards() {
        struct Mistake: Error {}
        #expect(throws: Mistake.self) { try withShapesOnly { throw Mistake() } }
        #expect(Tensor.ones([2]).array(of: Float.self) == [1, 1])
        withShapesOnly {
            withShapesOnly {}
            #expect(Tensor.ones([1]).scalar() == 0)
        }
    }

    @Test(
        "A tensor that does not fit into memory ends the program with a line and the status of the system's errors"
    )
    func outOfMemory() async throws {
        let result = await #expect(processExitsWith: .exitCode(71), observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([1 << 40])
        }
        let text = try #require(result?.standardErrorText)
        #expect(text.contains("error: out of memory: 4.1e+03 GiB are asked for at once, and "))
        #expect(text.contains("GiB are left; make the model, the batches or the data smaller\n"))
        #expect(!text.contains("Fatal error"))
    }
}
