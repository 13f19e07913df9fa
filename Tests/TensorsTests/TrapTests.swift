import Tensors
import TestSupport
import Testing

/// A programmer's mistake ends the program with the operation, the shapes and the caller's file and line.
@Suite("Traps")
struct TrapTests {
    struct Mistake: Sendable {
        /// What the message says.
        let says: [String]
        /// Where it says the mistake was made: the line of `make`.
        let line: Int
        let make: @Sendable () -> Void
    }

    static let mistakes: [String: Mistake] = [
        "a method": Mistake(
            says: ["matmul(_:): ", "operands: float32[2, 3], float64[4, 5]"], line: #line + 1,
            make: { _ = Tensor.ones([2, 3]).matmul(Tensor.ones([4, 5], dtype: .float64)) }),
        "an operator, which takes no line": Mistake(
            says: ["+(_:_:): The size of tensor a (3)", "operands: float32[2, 3], float32[4]"],
            line: #line + 1,
            make: { _ = Tensor.ones([2, 3]) + Tensor.ones([4]) }),
        "a line inside a closure that the library calls": Mistake(
            says: ["reshaped(_:): ", "float64[1]"], line: #line + 1,
            make: { _ = gradient(at: Tensor([1.0])) { $0.reshaped([3]).sum() } }),
        "an in-place method": Mistake(
            says: ["add(_:scaledBy:): ", "float32[2], float32[3]"], line: #line + 1,
            make: { Tensor.ones([2]).add(Tensor.ones([3])) }),
        "a count that does not fit its shape": Mistake(
            says: ["shape [2, 2] of float64 takes 32 bytes, not 24"], line: #line + 1,
            make: { _ = Tensor([1.0, 2, 3], shape: [2, 2]) }),
        "a gradient of a vector": Mistake(
            says: ["must be a scalar", "float64[2]"], line: #line + 1,
            make: { _ = gradient(at: Tensor([1.0, 2])) { $0 * 2 }.shape }),
        "an axis that does not exist": Mistake(
            says: ["size(along: 2): the axis does not exist", "float32[2, 2]"], line: #line + 1,
            make: { _ = Tensor.ones([2, 2]).size(along: 2) }),
        "many elements where one is asked for": Mistake(
            says: ["scalar(): the tensor must hold one element", "float32[2]"], line: #line + 1,
            make: { _ = Tensor.ones([2]).scalar() }),
        "nothing to join": Mistake(
            says: ["concatenated(_:along:): "], line: #line + 1,
            make: { _ = Tensor.concatenated([], along: 0) }),
    ]

    @Test(
        "The message names operation, reason, shapes and the line that made the mistake",
        arguments: mistakes.keys)
    func message(_ name: String) async throws {
        let mistake = try #require(Self.mistakes[name])
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [name] in
            TrapTests.mistakes[name]?.make()
        }
        // The path is absolute or, where the optimiser has inlined, relative to the package.
        let place = "Tests/TensorsTests/TrapTests.swift:\(mistake.line)\n"
        expectStandardError(of: result, says: mistake.says + ["called at ", place])
        // LibTorch's own stack is of no use to the caller.
        #expect(result?.standardErrorText.contains("frame #") == false)
    }
}
