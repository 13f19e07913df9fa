import Layers
import Models
import Settings
import Tensors
import TestSupport
import Testing
import Training

@Suite("Parts that stay as they are")
struct FrozenTests {
    @Test("Frozen parts keep their weights, and the others learn", arguments: [["encoder"], ["decoder"]])
    func frozen(_ parts: [String]) throws {
        try withTemporaryFolder { folder in
            let sitting = try Plan { ($0.frozen, $0.averageDecay) = (parts, 0.9) }.begin(in: folder)
            let state = ModuleState(sitting.model)
            let before = state.tensors.map { ($0.key, $0.tensor.copy()) }
            _ = try sitting.trainer.train()
            for ((key, old), (_, new)) in zip(before, state.tensors) {
                let isFrozen = parts.contains { key.hasPrefix($0 + ".") }
                #expect((old .== new).allTrue() == isFrozen, "\(key)")
            }
        }
    }

    @Test("A frozen decoder keeps its running statistics")
    func statistics() throws {
        try withTemporaryFolder { folder in
            var plan = Plan { $0.frozen = ["decoder"] }
            plan.configuration.likelihood = .gaussian(variance: .optimal)
            let sitting = try plan.begin(in: folder)
            let state = ModuleState(sitting.model)
            let before = state.buffers.map { $0.buffer.value.copy() }
            #expect(!before.isEmpty)
            _ = try sitting.trainer.train()
            for (old, new) in zip(before, state.buffers) { #expect((old .== new.buffer.value).allTrue()) }
        }
    }

    @Test(
        "A part that is not there is refused, and all of them",
        arguments: [["head"], ["encoder", "decoder"]])
    func refusal(_ parts: [String]) throws {
        try withTemporaryFolder { folder in
            let error = #expect(throws: SettingsError.self) {
                _ = try Plan { $0.frozen = parts }.begin(in: folder)
            }
            #expect("\(error!)".contains("some, but not all, of decoder, encoder"))
        }
    }
}
