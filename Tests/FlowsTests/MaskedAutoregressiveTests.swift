import Flows
import Layers
import Probability
import TestSupport
import Tensors
import Testing

@Suite("Masked autoregressive layers")
struct MaskedAutoregressiveTests {
    static func spread(_ layer: MaskedAutoregressive, using generator: inout Generator) {
        for (_, parameter) in ModuleState(layer).parameters {
            parameter.value = generator.normal(parameter.value.shape, dtype: .float64)
        }
    }

    @Test(
        "An element depends on itself and on all before it, and on none behind", arguments: [[16], [9, 12]])
    func triangle(_ hidden: [Int]) {
        var generator = Generator(seed: 4)
        let layer = MaskedAutoregressive(size: 4, hidden: hidden, using: &generator)
        Self.spread(layer, using: &generator)
        let x = generator.normal([64, 4], dtype: .float64)
        for map in [layer.forward, layer.inverse] {
            for element in 0..<4 {
                let slopes = gradient(at: x) { map($0).value.selected(element, along: 1).sum() }
                let isUsed = (slopes.magnitude().sum(along: 0) .> 0).array(of: Bool.self)
                #expect(isUsed == (0..<4).map { $0 <= element }, "\(element)")
            }
        }
    }

    @Test("A context reaches every element, the first as well")
    func context() {
        var generator = Generator(seed: 5)
        let layer = MaskedAutoregressive(size: 3, hidden: [12], takesContext: true, using: &generator)
        Self.spread(layer, using: &generator)
        let x = generator.normal([64, 3], dtype: .float64)
        let contexts = generator.normal([64, 12], dtype: .float64)
        for element in 0..<3 {
            let slopes = gradient(at: contexts) {
                layer.conditioned(on: $0).inverse(x).value.selected(element, along: 1).sum()
            }
            #expect((slopes .!= 0).anyTrue(), "\(element)")
        }
        // Outcomes without a batch axis of their own meet every context.
        let alone = x[.range(0..<1)]
        for map in [layer.conditioned(on: contexts).forward, layer.conditioned(on: contexts).inverse] {
            expectClose(
                map(alone).value, map(alone.broadcast(to: [64, 3])).value, relative: 1e-12, absolute: 1e-12)
        }
    }

    @Test("Masks are part of the state, and no optimiser sees them")
    func state() {
        var generator = Generator(seed: 6)
        let flow = MaskedAutoregressiveFlow(size: 3, layers: 2, hidden: [4], using: &generator)
        let state = ModuleState(flow)
        #expect(state.buffers.count == 4)
        #expect(state.parameters.allSatisfy { !$0.key.hasSuffix("mask") })
        #expect(state.buffers.first?.key == "layers.0.network.hidden.0.mask")
    }
}
