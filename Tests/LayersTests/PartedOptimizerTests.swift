import Layers
import Tensors
import TestSupport
import Testing

@Suite("Optimisers of parts")
struct PartedOptimizerTests {
    private final class Half: Module {
        let weight = Parameter(Tensor([Float(1), 2]))
    }

    private final class Whole: Module {
        let first = Half()
        let second = Half()
    }

    private static func optimizer(_ model: Whole) -> PartedOptimizer {
        PartedOptimizer(ModuleState(model), part: "second", rateFactor: 10) {
            SGD($0, settings: SGD.Settings(momentum: 0.5))
        }
    }

    private static let gradients = [Tensor([Float(1), -1]), Tensor([Float(2), 0])]

    @Test("Each part moves by its own rate, with the gradients in the order of the model")
    func rates() {
        let model = Whole()
        Self.optimizer(model).step(gradients: Self.gradients, learningRate: 0.01)
        expectClose(model.first.weight.value, Tensor([Float(0.99), 2.01]), relative: 1e-6)
        expectClose(model.second.weight.value, Tensor([Float(0.8), 2]), relative: 1e-6)
    }

    @Test("What they remember comes back, and the steps that follow are the same")
    func state() throws {
        let (model, other) = (Whole(), Whole())
        let (optimizer, restored) = (Self.optimizer(model), Self.optimizer(other))
        optimizer.step(gradients: Self.gradients, learningRate: 0.01)
        let kept = Dictionary(uniqueKeysWithValues: optimizer.tensors.map { ($0.key, $0.tensor.copy()) })
        #expect(Set(kept.keys).isSuperset(of: ["second/step", "others/step"]))
        try restored.load(kept)
        for (own, its) in zip(ModuleState(model).tensors, ModuleState(other).tensors) {
            its.tensor.copy(from: own.tensor)
        }
        for optimizer in [optimizer, restored] {
            optimizer.step(gradients: Self.gradients, learningRate: 0.01)
        }
        expectClose(other.first.weight.value, model.first.weight.value)
        expectClose(other.second.weight.value, model.second.weight.value)
        var wrong = kept
        wrong["others/step"] = nil
        #expect(throws: LayersError.self) { try restored.load(wrong) }
    }
}
