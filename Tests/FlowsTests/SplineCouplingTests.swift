import Flows
import Layers
import Probability
import TestSupport
import Tensors
import Testing

@Suite("Spline couplings")
struct SplineCouplingTests {
    /// A flow whose splines are far from straight.
    static func flow(_ generator: inout Generator) -> CouplingFlow {
        let flow = CouplingFlow.spline(size: 4, layers: 3, hidden: [8], using: &generator)
        for (_, parameter) in ModuleState(flow).parameters {
            parameter.value = generator.normal(parameter.value.shape)
        }
        return flow
    }

    @Test("Elements outside ±5 stay where they are")
    func outside() {
        var generator = Generator(seed: 1)
        let x = (generator.uniform([50, 4]) + 5.01) * (generator.normal([50, 4]).sign())
        let flow = Self.flow(&generator)
        for moved in [flow.forward(x), flow.inverse(x)] {
            expectClose(moved.value, x)
            expectClose(moved.logDeterminant, .zeros([50]))
        }
    }

    @Test("Far outside there is no NaN, in both directions and in all gradients", arguments: [true, false])
    func gradients(isForward: Bool) {
        var generator = Generator(seed: 2)
        let x = Tensor(
            [5, -5, 5.000001, -5.000001, 40, -3, 0.5, 1e6, 2, -1e20, 4.999999, 0] as [Float], shape: [3, 4])
        let flow = Self.flow(&generator)
        let toX = gradient(at: x) {
            let moved = isForward ? flow.forward($0) : flow.inverse($0)
            return moved.value.sum() + moved.logDeterminant.sum()
        }
        #expect(toX.isFinite().allTrue())
        let state = ModuleState(flow)
        let (value, gradients) = state.valueWithGradients {
            let moved = isForward ? flow.forward(x) : flow.inverse(x)
            return moved.value.sum() + moved.logDeterminant.sum()
        }
        #expect(value.isFinite().allTrue())
        for (entry, gradient) in zip(state.parameters, gradients) {
            #expect(gradient.isFinite().allTrue(), "\(entry.key)")
        }
    }
}
