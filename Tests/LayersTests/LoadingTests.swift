import Layers
import Tensors
import TestSupport
import Testing

@Suite("Loading a module's state")
struct LoadingTests {
    private static func model(seed: UInt64) -> Sequential {
        var generator = Generator(seed: seed)
        return Sequential([
            Conv2d(inputs: 1, outputs: 2, kernelSize: 3, using: &generator), BatchNorm2d(channels: 2),
            Dropout(probability: 0.5, using: &generator),
        ])
    }

    private static func saved(seed: UInt64) -> [String: Tensor] {
        Dictionary(uniqueKeysWithValues: ModuleState(model(seed: seed)).tensors.map { ($0.key, $0.tensor) })
    }

    /// Expects that loading `tensors` fails in the way that `missing`… say and leaves the model as it was.
    private func expectRefused(
        _ tensors: [String: Tensor], strictly: Bool = true, missing: [String] = [], unexpected: [String] = [],
        misshapen: [String] = []
    ) {
        let state = ModuleState(Self.model(seed: 2))
        #expect(
            throws: LayersError.mismatch(missing: missing, unexpected: unexpected, misshapen: misshapen)
        ) {
            try state.load(tensors, strictly: strictly)
        }
        for ((key, tensor), (_, untouched)) in zip(state.tensors, ModuleState(Self.model(seed: 2)).tensors) {
            expectClose(tensor, untouched, "\(key)")
        }
    }

    @Test("what was saved is loaded, into the same storage")
    func roundTrip() throws {
        let saved = Self.saved(seed: 1)
        let state = ModuleState(Self.model(seed: 2))
        let held = state.parameters[0].parameter.value
        try state.load(saved)
        for (key, tensor) in state.tensors { expectClose(tensor, try #require(saved[key]), "\(key)") }
        expectClose(held, try #require(saved["0.weight"]))
    }

    @Test("a missing key is refused")
    func missing() {
        var tensors = Self.saved(seed: 1)
        tensors["0.bias"] = nil
        expectRefused(tensors, missing: ["0.bias"])
    }

    @Test("an unexpected key is refused")
    func unexpected() {
        var tensors = Self.saved(seed: 1)
        tensors["z"] = Tensor(1)
        tensors["a"] = Tensor(1)
        expectRefused(tensors, unexpected: ["a", "z"])
    }

    @Test("another shape or type is refused, strictly or not", arguments: [true, false])
    func misshapen(strictly: Bool) {
        var tensors = Self.saved(seed: 1)
        tensors["0.weight"] = .zeros([2, 1, 3, 2])
        tensors["1.runningMean"] = .zeros([2], dtype: .float64)
        expectRefused(
            tensors, strictly: strictly,
            misshapen: [
                "0.weight (float32[2, 1, 3, 2] for float32[2, 1, 3, 3])",
                "1.runningMean (float64[2] for float32[2])",
            ])
    }

    @Test("not strictly, the keys on both sides are read and the others left")
    func loosely() throws {
        let state = ModuleState(Self.model(seed: 2))
        let before = state.parameters[0].parameter.value.copy()
        try state.load(["0.bias": .ones([2]), "other": .ones([1])], strictly: false)
        expectClose(state.parameters[0].parameter.value, before)
        expectClose(state.parameters[1].parameter.value, .ones([2]))
    }

    @Test("the text is one line that names the first keys and counts the rest")
    func text() {
        let error = LayersError.mismatch(
            missing: ["a", "b", "c", "d", "e"], unexpected: ["x"], misshapen: [])
        #expect(
            "\(error)"
                == "the saved tensors do not fit this model: missing: a, b, c and 2 more; unexpected: x; "
                + "load them into the model they were saved from")
    }
}
