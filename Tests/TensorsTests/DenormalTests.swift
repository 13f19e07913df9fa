import Tensors
import Testing

@Suite("Denormal numbers")
struct DenormalTests {
    // In processes of their own, since the choice is one of the thread's for good.
    @Test("They are kept until asked otherwise, and then are zero on every thread of an operation")
    func flushing() async {
        await #expect(processExitsWith: .success) {
            let small = Tensor(repeating: 1e-20, shape: [1_000_000])
            precondition((small[.range(0..<4)] * small[.range(0..<4)]).array(of: Float.self)[0] > 0)
        }
        await #expect(processExitsWith: .success) {
            Engine.flushDenormals()
            Engine.threadCount = 2
            let small = Tensor(repeating: 1e-20, shape: [1_000_000])
            precondition((small * small).array(of: Float.self).allSatisfy { $0 == 0 })
        }
    }
}
