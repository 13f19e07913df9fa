import Layers
import Tensors
import TestSupport
import Testing

/// One of each place that state can be in.
private final class Tree: Module {
    struct Heads {
        let mean: Linear
        let scale: Parameter
    }

    enum Tail {
        case norm(LayerNorm)
        case none
    }

    let encoder: Sequential
    let blocks: [any Layer]
    let heads: Heads
    let tail: Tail
    let absent: Linear? = nil
    let present: Parameter?
    let count: Buffer
    let names = ["not": "state"]
    let activation = Activation.relu

    init() {
        var generator = Generator(seed: 6)
        encoder = Sequential([
            Linear(inputs: 2, outputs: 3, using: &generator), ActivationLayer(.relu),
            Sequential([Linear(inputs: 3, outputs: 1, hasBias: false, using: &generator)]),
        ])
        blocks = [BatchNorm2d(channels: 2), Dropout(probability: 0.5, using: &generator)]
        heads = Heads(
            mean: Linear(inputs: 2, outputs: 1, using: &generator), scale: Parameter(.ones([4])))
        tail = .norm(LayerNorm(shape: [2]))
        present = Parameter(.zeros([]))
        count = Buffer(Tensor([7]))
    }
}

private class Base: Module {
    let inherited = Parameter(.zeros([1]))
}

private final class Derived: Base {
    let own = Parameter(.zeros([1]))
}

/// Holds anything under the key `part`.
private final class Holder<Part>: Module {
    let part: Part

    init(_ part: Part) {
        self.part = part
    }
}

private final class Stranger {
    let inner = [Parameter(.zeros([1]))]
}

@Suite("The state of a module")
struct ModuleStateTests {
    @Test("keys are property paths in the order of declaration")
    func keys() {
        let state = ModuleState(Tree())
        #expect(
            state.parameters.map(\.key) == [
                "encoder.0.weight", "encoder.0.bias", "encoder.2.0.weight", "blocks.0.weight",
                "blocks.0.bias", "heads.mean.weight", "heads.mean.bias", "heads.scale", "tail.norm.weight",
                "tail.norm.bias", "present",
            ])
        #expect(
            state.buffers.map(\.key) == [
                "blocks.0.runningMean", "blocks.0.runningVariance", "blocks.1.generator", "count",
            ])
        #expect(state.tensors.map(\.key) == state.parameters.map(\.key) + state.buffers.map(\.key))
        #expect(state.parameterCount == 6 + 3 + 3 + 4 + 2 + 1 + 4 + 4 + 1)
    }

    @Test("inherited properties come first")
    func inheritance() {
        #expect(ModuleState(Derived()).parameters.map(\.key) == ["inherited", "own"])
    }

    @Test("the mode reaches every module that has one")
    func mode() throws {
        let tree = Tree()
        let norm = try #require(tree.blocks[0] as? BatchNorm2d)
        let dropout = try #require(tree.blocks[1] as? Dropout)
        let state = ModuleState(tree)
        state.setTraining(false)
        #expect(!norm.isTraining && !dropout.isTraining)
        state.setTraining(true)
        #expect(norm.isTraining && dropout.isTraining)
    }

    @Test("a parameter that the loss does not use has a gradient of zeros")
    func unused() {
        let used = Parameter(Tensor([2.0, 3.0]))
        let state = ModuleState(Holder([used, Parameter(.ones([3]))]))
        let (value, gradients) = state.valueWithGradients { used.value.squared().sum() }
        expectClose(value.scalar(), 13)
        expectClose(gradients[0], Tensor([4.0, 6.0]))
        expectClose(gradients[1], .zeros([3]))
        #expect(!value.requiresGradient && !used.value.requiresGradient)
    }

    @Test("an error in the loss ends the recording")
    func failingLoss() {
        struct Failure: Error {}
        let parameter = Parameter(.ones([1]))
        let state = ModuleState(Holder(parameter))
        #expect(throws: Failure.self) { _ = try state.valueWithGradients { throw Failure() } }
        #expect(!parameter.value.requiresGradient)
        #expect(!(parameter.value * 2).requiresGradient)
    }
}

@Suite("What a module may not hold")
struct ModuleTrapTests {
    @Test("a bare tensor traps with its path")
    func bareTensor() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = ModuleState(Holder([Holder(Tensor(1))]))
        }
        expectStandardError(of: result, says: ["'part.0.part'", "make it a Parameter or a Buffer"])
    }

    @Test("an object reached twice traps with both paths")
    func twice() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let shared = Parameter(.zeros([1]))
            _ = ModuleState(Holder((shared, [shared])))
        }
        expectStandardError(of: result, says: ["'part..1.0' and 'part..0' are the same object"])
    }

    @Test("a module that holds itself traps instead of walking for ever")
    func cycle() async {
        await #expect(processExitsWith: .failure) {
            final class Loop: Module { var next: Loop? }
            let loop = Loop()
            loop.next = loop
            _ = ModuleState(loop)
        }
    }

    @Test("state in an object that is not a module traps with its path")
    func stranger() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = ModuleState(Holder(Stranger()))
        }
        expectStandardError(of: result, says: ["'part' is an object that is not a Module"])
    }

    @Test("state in a dictionary, whose order is not fixed, traps with its path")
    func dictionary() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = ModuleState(Holder(["a": Parameter(.zeros([1]))]))
        }
        expectStandardError(of: result, says: ["'part' is a collection without order"])
    }
}
