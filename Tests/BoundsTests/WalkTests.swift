import Bounds
import Datasets
import Layers
import Models
import Probability
import Tensors
import TestSupport
import Testing

@Suite("Walks")
struct WalkTests {
    static let batch = Batch(TwoLevelToy.x, indices: [7, 0, 31, 4, 12])
    static let noise = Generator(seed: 6)

    static func inference(_ batch: Batch = batch, samples: Int = 4, startingAt first: Int = 0) -> Trace {
        TwoLevelToy.off.trace(
            .inference(of: Observation(batch), samples: samples, startingAt: first, using: noise))
    }

    static func expectSame(
        _ found: Trace, _ expected: (Tensor) -> Tensor, of whole: Trace,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(found.sites.map(\.name) == whole.sites.map(\.name), sourceLocation: sourceLocation)
        for (one, other) in zip(found.sites, whole.sites) {
            expectClose(
                one.value, expected(other.value), relative: 1e-12, "\(one.name)",
                sourceLocation: sourceLocation)
        }
        expectClose(
            found.logWeights(), expected(whole.logWeights()), relative: 1e-12, sourceLocation: sourceLocation)
    }

    @Test("An example's draws do not depend on its batch", arguments: [0..<1, 1..<3, 2..<5, 0..<5])
    func cut(_ range: Range<Int>) {
        Self.expectSame(Self.inference(Self.batch[range]), { $0[.all, .range(range)] }, of: Self.inference())
    }

    @Test("Nor on the order of the batch: its index alone is the key")
    func order() {
        let places = [3, 0, 4, 2, 1]
        let order = Tensor(places, shape: [5])
        let shuffled = Batch(
            Self.batch.examples.gathering(order, along: 0), indices: places.map { Self.batch.indices[$0] })
        Self.expectSame(Self.inference(shuffled), { $0.gathering(order, along: 1) }, of: Self.inference())
        let renumbered = Batch(Self.batch.examples, indices: [7, 0, 31, 4, 13])
        let change = Self.inference(renumbered).sites[0].value .!= Self.inference().sites[0].value
        #expect(!change[.all, .upTo(4)].anyTrue() && change[.all, .from(4)].allTrue())
    }

    @Test("Draws in parts are those of one walk", arguments: [[4], [1, 3], [2, 1, 1]])
    func parts(_ sizes: [Int]) {
        var first = 0
        for size in sizes {
            let range = first..<first + size
            Self.expectSame(
                Self.inference(samples: size, startingAt: first), { $0[.range(range)] }, of: Self.inference())
            first += size
        }
    }

    @Test(
        "The order in which a model asks for its latents does not change them, and each has noise of its own")
    func orderOfSites() throws {
        func values(_ names: [String]) -> [String: Tensor] {
            let model = WrittenModel { walk in
                let posterior = walk.evidence(\.unitGaussian)
                for name in names {
                    if name == "noise" {
                        walk.dequantize { UniformNoise(shape: $0.shape, eventRank: 1, dtype: .float64) }
                    } else {
                        walk.latent(
                            name, prior: DiagonalGaussian.standard(3, dtype: .float64), posterior: posterior)
                    }
                }
                return Tensor.zeros([3], dtype: .float64).unitGaussian
            }
            let trace = model.trace(.inference(of: Observation(Self.batch), samples: 2, using: Self.noise))
            return Dictionary(uniqueKeysWithValues: trace.sites.map { ($0.name, $0.value) })
        }
        let first = values(["a", "b", "c", "noise"])
        let other = values(["c", "noise", "a", "b"])
        #expect(first.count == 4)
        for (name, value) in first { expectClose(try #require(other[name]), value, "\(name)") }
        #expect((first["a"]! .!= first["b"]!).allTrue() && (first["b"]! .!= first["c"]!).allTrue())
    }

    @Test("One name for two latents ends the program")
    func names() async {
        await #expect(processExitsWith: .failure) {
            let model = WrittenModel { walk in
                let prior = DiagonalGaussian.standard(1)
                walk.latent("z", prior: prior, posterior: prior)
                return walk.latent("z", prior: prior, posterior: prior).unitGaussian
            }
            _ = model.trace(.zeros([2, 1]))
        }
    }

    @Test("A latent without a source ends the program with its name")
    func withoutSource() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = WrittenModel { walk in walk.latent("code", prior: nil, posterior: nil).unitGaussian }
            _ = model.trace(.generation(2, using: Generator(seed: 0)))
        }
        expectStandardError(of: result, says: ["'code'", "no prior"])
    }

    @Test("Noise of the caller's is keyed too, and apart from that of latents")
    func callersNoise() {
        let (whole, part) = (Self.inference(), Self.inference(Self.batch[1..<3]))
        var (a, b) = (whole.noise(named: "top"), part.noise(named: "top"))
        let numbers = a.normal([4, 5, 1], dtype: .float64)
        expectClose(b.normal([4, 2, 1], dtype: .float64), numbers[.all, .range(1..<3)])
        var own = whole.noisePerExample(named: "top")
        #expect(own.uniform([5, 2]).shape == [5, 2])
        let posterior = whole.sites[0].posterior as! DiagonalGaussian
        let epsilon = (whole.sites[0].value - posterior.mean) / posterior.standardDeviation
        #expect(((numbers - epsilon).magnitude() .> 1e-6).allTrue())
    }
}

@Suite("Evidence")
struct EvidenceTests {
    private final class Counter { var counts: [String: Int] = [:] }

    /// Two encoders, each counted.
    private static func model(_ counter: Counter) -> WrittenModel {
        WrittenModel { walk in
            let first = walk.evidence { x in
                counter.counts["first", default: 0] += 1
                return x
            }
            let second = walk.evidence { x in
                counter.counts["second", default: 0] += 1
                return x.sum(along: 1)
            }
            let z = walk.latent(
                "z", prior: DiagonalGaussian.standard(3, dtype: .float64),
                posterior: first.map { ($0 + second!.expanded(at: 1)).unitGaussian })
            return z.unitGaussian
        }
    }

    @Test("It is computed once for an observation, however many walks follow, and not without one")
    func once() {
        let counter = Counter()
        let model = Self.model(counter)
        let noise = Generator(seed: 1)
        let observation = Observation(WalkTests.batch)
        let trace = model.trace(.inference(of: observation, samples: 2, using: noise))
        let again = model.trace(.inference(of: observation, samples: 2, using: noise))
        expectClose(again.logWeights(), trace.logWeights())
        _ = model.trace(.inference(of: observation, samples: 3, startingAt: 2, using: noise))
        _ = model.trace(.reconstruction(of: observation))
        _ = model.trace(
            .replay(of: observation, samples: 2, given: ["z": trace.sites[0].value], using: noise))
        _ = trace.replayed(draws: .zeros([1, 5], dtype: .int64))
        #expect(counter.counts == ["first": 1, "second": 1])
        let generated = model.trace(.generation(4, using: noise))
        #expect(generated.sites[0].posterior == nil && generated.asked == nil)
        #expect(counter.counts == ["first": 1, "second": 1])
        _ = model.trace(.inference(of: Observation(WalkTests.batch), using: noise))
        #expect(counter.counts == ["first": 2, "second": 2])
    }

    @Test(
        "It has a history in a walk without one where a replay follows, and else has not",
        arguments: [true, false])
    func recorded(_ isRecorded: Bool) {
        let weight = Parameter(Tensor([0.5]))
        weight.value.setRequiresGradient(true)
        defer { weight.value.setRequiresGradient(false) }
        var hasHistory: Bool?
        let model = WrittenModel { walk in
            let mean = walk.evidence { $0 * weight.value }
            hasHistory = mean?.requiresGradient
            return walk.latent(
                "z", prior: DiagonalGaussian.standard(3, dtype: .float64), posterior: mean.map(\.unitGaussian)
            ).unitGaussian
        }
        let trace = withoutGradients {
            model.trace(
                .inference(
                    of: Observation(WalkTests.batch, recordsEvidence: isRecorded), using: Generator(seed: 1)))
        }
        #expect(hasHistory == isRecorded)
        #expect(!trace.sites[0].value.requiresGradient)
    }
}
