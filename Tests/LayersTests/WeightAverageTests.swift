import Layers
import Tensors
import TestSupport
import Testing

/// A weight and what was counted with it.
private final class Counted: Module {
    let weight: Parameter
    let seen = Buffer(.zeros([1], dtype: .float64))

    init(_ weight: Tensor) { self.weight = Parameter(weight) }
}

@Suite("The average of weights")
struct WeightAverageTests {
    private func model() -> Pair { Pair(Tensor([1.0, 2.0]), Tensor([3.0])) }

    private func value(_ average: WeightAverage, _ key: String) throws -> Tensor {
        try #require(average.tensors.first { $0.key == key }?.tensor)
    }

    @Test("it follows a = d a + (1 − d) θ with the smaller d of the first updates")
    func recursion() throws {
        let pair = model()
        let average = WeightAverage(ModuleState(pair), decay: 0.15)
        var expected = 3.0
        for (update, weight) in [5.0, -1.0, 4.0].enumerated() {
            pair.second.value.copy(from: Tensor(weight))
            average.update()
            let decay = min(0.15, Double(1 + update) / Double(10 + update))
            expected = decay * expected + (1 - decay) * weight
        }
        expectClose(try value(average, "second/average"), Tensor([expected]), relative: 1e-12)
        expectClose(try value(average, "first/average"), Tensor([1.0, 2.0]), relative: 1e-12)
        #expect(try value(average, "updates").scalar() == 3)
    }

    @Test("the averages stand in for the weights inside the closure only, even when it fails")
    func standIn() {
        struct Failure: Error {}
        let pair = model()
        let average = WeightAverage(ModuleState(pair), decay: 0.9)
        pair.second.value.copy(from: Tensor(7))
        average.withAverages { expectClose(pair.second.value, Tensor([3.0])) }
        expectClose(pair.second.value, Tensor([7.0]))
        #expect(throws: Failure.self) { try average.withAverages { throw Failure() } }
        expectClose(pair.second.value, Tensor([7.0]))
        average.withAverages { expectClose(pair.second.value, Tensor([3.0])) }
    }

    @Test("a resumed average goes on bit for bit")
    func resumes() throws {
        let pair = model()
        let average = WeightAverage(ModuleState(pair), decay: 0.9)
        pair.second.value.copy(from: Tensor(7))
        average.update()
        let resumed = WeightAverage(ModuleState(pair), decay: 0.9)
        try resumed.load(
            Dictionary(uniqueKeysWithValues: average.tensors.map { ($0.key, $0.tensor.copy()) }))
        for both in [average, resumed] { both.update() }
        for (ours, theirs) in zip(resumed.tensors, average.tensors) {
            expectClose(ours.tensor, theirs.tensor)
        }
    }

    @Test("the averages of another model are refused")
    func refuses() throws {
        let average = WeightAverage(ModuleState(model()), decay: 0.9)
        #expect(
            throws: LayersError.mismatch(
                missing: ["updates", "first/average"], unexpected: [], misshapen: [])
        ) {
            try average.load(["second/average": Tensor([1.0])])
        }
        expectClose(try value(average, "second/average"), Tensor([3.0]))
    }

    @Test("running statistics stand in together with the averages that they were measured with")
    func statistics() throws {
        let layer = Counted(Tensor([2.0]))
        let average = WeightAverage(ModuleState(layer), decay: 0.9)
        layer.seen.value.copy(from: Tensor([100.0]))
        for _ in 0..<2 {
            average.measureStatistics {
                // Begins at what it was at first, not at what the model has seen since.
                layer.seen.value.add(layer.weight.value)
            }
            expectClose(try value(average, "seen/average"), Tensor([2.0]))
        }
        expectClose(layer.seen.value, Tensor([100.0]))
        average.withAverages { expectClose(layer.seen.value, Tensor([2.0])) }
        average.replaceWeights()
        expectClose(layer.seen.value, Tensor([2.0]))
    }

    @Test("an update inside the closure traps")
    func updateInside() async {
        await #expect(processExitsWith: .failure) {
            let average = WeightAverage(ModuleState(Pair(.zeros([1]), .zeros([1]))), decay: 0.9)
            average.withAverages { average.update() }
        }
    }
}
