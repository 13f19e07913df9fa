import Layers
import Tensors
import TestSupport
import Testing

/// Two parameters to move.
final class Pair: Module {
    let first: Parameter
    let second: Parameter

    init(_ first: Tensor, _ second: Tensor) {
        self.first = Parameter(first)
        self.second = Parameter(second)
    }
}

/// A rule of `optimizers.json`.
struct OptimizerCase: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable (ModuleState) -> any Optimizer

    var testDescription: String { name }

    static let all: [OptimizerCase] = [
        OptimizerCase(name: "sgd") { SGD($0, settings: .init(weightDecay: 0.1)) },
        OptimizerCase(name: "sgd with momentum") {
            SGD($0, settings: .init(momentum: 0.9, weightDecay: 0.1))
        },
        OptimizerCase(name: "sgd with nesterov") {
            SGD($0, settings: .init(momentum: 0.9, isNesterov: true))
        },
        OptimizerCase(name: "adam") { Adam($0) },
        OptimizerCase(name: "adam with decay") {
            Adam($0, settings: .init(beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1))
        },
        OptimizerCase(name: "adamw") { Adam($0, settings: .adamW(weightDecay: 0.1)) },
        OptimizerCase(name: "adamax") { Adamax($0) },
        OptimizerCase(name: "adamax with decay") {
            Adamax($0, settings: .init(beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1))
        },
    ]
}

@Suite("Optimisers")
struct OptimizerTests {
    struct Golden: Decodable {
        let start: [GoldenTensor]
        let gradients, after: [[GoldenTensor]]
    }

    @Test("the file and the table hold the same rules")
    func table() throws {
        let names = try goldenValues("layers/optimizers", as: [String: Golden].self).keys
        #expect(Set(names) == Set(OptimizerCase.all.map(\.name)))
    }

    @Test("every step is PyTorch's", arguments: OptimizerCase.all, [DType.float64, .float32])
    func agreement(_ rule: OptimizerCase, _ dtype: DType) throws {
        let file = try goldenValues("layers/optimizers", as: [String: Golden].self)
        let expected = try #require(file[rule.name])
        let start = expected.start.map { $0.tensor.converted(to: dtype) }
        let pair = Pair(start[0], start[1])
        let optimizer = rule.make(ModuleState(pair))
        for (step, (gradients, after)) in zip(expected.gradients, expected.after).enumerated() {
            optimizer.step(
                gradients: gradients.map { $0.tensor.converted(to: dtype) },
                learningRate: 0.1 / Double(1 + step))
            let (relative, absolute) = dtype == .float64 ? (1e-10, 1e-11) : (3e-6, 1e-6)
            expectClose(
                pair.first.value, after[0].tensor, relative: relative, absolute: absolute, "step \(step)")
            expectClose(
                pair.second.value, after[1].tensor, relative: relative, absolute: absolute, "step \(step)")
        }
    }

    @Test("a resumed rule goes on bit for bit", arguments: OptimizerCase.all)
    func resumes(_ rule: OptimizerCase) throws {
        var generator = Generator(seed: 4)
        func gradients() -> [Tensor] { [generator.normal([5, 7]), generator.normal([3])] }
        let pair = Pair(generator.normal([5, 7]), generator.normal([3]))
        let optimizer = rule.make(ModuleState(pair))
        for _ in 0..<3 { optimizer.step(gradients: gradients(), learningRate: 0.1) }

        let saved = optimizer.tensors.map { ($0.key, $0.tensor.copy()) }
        let resumedPair = Pair(pair.first.value.copy(), pair.second.value.copy())
        let resumed = rule.make(ModuleState(resumedPair))
        try resumed.load(Dictionary(uniqueKeysWithValues: saved))
        for _ in 0..<3 {
            let next = gradients()
            optimizer.step(gradients: next, learningRate: 0.1)
            resumed.step(gradients: next, learningRate: 0.1)
        }
        expectClose(resumedPair.first.value, pair.first.value)
        expectClose(resumedPair.second.value, pair.second.value)
        #expect(resumed.tensors.map(\.key) == optimizer.tensors.map(\.key))
        for (ours, theirs) in zip(resumed.tensors, optimizer.tensors) {
            expectClose(ours.tensor, theirs.tensor, "\(ours.key)")
        }
    }

    @Test("state is named by parameter and slot")
    func keys() {
        let state = ModuleState(Pair(.zeros([2]), .zeros([1])))
        #expect(
            Adam(state).tensors.map(\.key) == [
                "step", "first/first", "second/first", "first/second", "second/second",
            ])
        #expect(SGD(state).tensors.map(\.key) == ["step"])
    }

    @Test("the state of another model is refused and nothing changes")
    func refusesForeignState() throws {
        let optimizer = Adam(ModuleState(Pair(.zeros([2]), .zeros([1]))))
        optimizer.step(gradients: [.ones([2]), .ones([1])], learningRate: 0.1)
        let before = optimizer.tensors.map { $0.tensor.array(of: Double.self) }
        let foreign = Adam(ModuleState(Pair(.zeros([2]), .zeros([4]))))
        #expect(throws: LayersError.self) {
            try optimizer.load(Dictionary(uniqueKeysWithValues: foreign.tensors.map { ($0.key, $0.tensor) }))
        }
        #expect(optimizer.tensors.map { $0.tensor.array(of: Double.self) } == before)
    }

    /// LibTorch's sweeps read gradients as if they lay in memory like the parameters.
    @Test("the layout of gradients does not matter", arguments: OptimizerCase.all)
    func layouts(_ rule: OptimizerCase) {
        var generator = Generator(seed: 5)
        let start = generator.normal([5, 7])
        let gradient = generator.normal([7, 5]).transposed()
        let constant = Tensor(2).broadcast(to: [3])
        let pairs = [Pair(start.copy(), .ones([3])), Pair(start.copy(), .ones([3]))]
        rule.make(ModuleState(pairs[0])).step(gradients: [gradient, constant], learningRate: 0.1)
        rule.make(ModuleState(pairs[1])).step(
            gradients: [gradient.contiguous(), constant.contiguous()], learningRate: 0.1)
        expectClose(pairs[0].first.value, pairs[1].first.value)
        expectClose(pairs[0].second.value, pairs[1].second.value)
    }

    /// Threads share the elements, not the tensors: each element is moved once, whichever tensor it is in.
    @Test("Adam's first step moves every element of large and small tensors by the rate")
    func unequalSizes() {
        final class Many: Module {
            let parts = [40_000, 3, 16_384, 1, 70_001, 17, 5, 9].map { Parameter(.zeros([$0])) }
        }
        let many = Many()
        Adam(ModuleState(many)).step(
            gradients: many.parts.map { .ones($0.value.shape) }, learningRate: 0.25)
        for part in many.parts {
            expectClose(part.value, Tensor(repeating: -0.25, shape: part.value.shape), relative: 1e-6)
        }
    }

    @Test("a gradient of another shape traps")
    func wrongShape() async {
        await #expect(processExitsWith: .failure) {
            let pair = Pair(.zeros([2, 3]), .zeros([1]))
            Adam(ModuleState(pair)).step(gradients: [.zeros([3, 2]), .zeros([1])], learningRate: 0.1)
        }
    }

    @Test("a missing gradient traps and says how many are due", arguments: [1, 3])
    func wrongCount(count: Int) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [count] in
            let pair = Pair(.zeros([2]), .zeros([2]))
            SGD(ModuleState(pair)).step(
                gradients: [Tensor](repeating: .zeros([2]), count: count), learningRate: 0.1)
        }
        expectStandardError(of: result, says: ["each of 2 parameters, not \(count)"])
    }

    @Test("settings out of range are refused by name")
    func settings() {
        func expectRefused(_ name: String, _ validate: () throws -> Void) {
            let error = #expect(throws: LayersError.self, performing: validate)
            #expect(error.map { "\($0)".hasPrefix(name) } == true)
        }
        expectRefused("beta1") { try Adam.Settings(beta1: 1).validate() }
        expectRefused("beta2") { try Adamax.Settings(beta2: -0.1).validate() }
        expectRefused("epsilon") { try Adam.Settings(epsilon: .nan).validate() }
        expectRefused("weight decay") { try Adam.Settings.adamW(weightDecay: -1).validate() }
        expectRefused("momentum") { try SGD.Settings(momentum: 1).validate() }
        expectRefused("momentum") { try SGD.Settings(isNesterov: true).validate() }
        #expect(throws: Never.self) {
            try Adam.Settings().validate()
            try Adamax.Settings().validate()
            try SGD.Settings(momentum: 0.9, isNesterov: true).validate()
        }
    }
}
