import Bounds
import Datasets
import Layers
import Probability
import Tensors
import TestSupport
import Testing

/// Generation, reconstruction and replay of the model of two levels.
@Suite("Kinds of walks")
struct WalkKindTests {
    static func toy() -> TwoLevelToy { .off }
    static let batch = WalkTests.batch
    static let noise = Generator(seed: 9)

    /// ε of the bottom latent: its distance from the prior's mean in deviations.
    static func bottomNoise(_ trace: Trace, _ toy: TwoLevelToy) -> Tensor {
        let prior = toy.bottomPrior(trace.sites[0].value)
        return (trace.sites[1].value - prior.mean) / toy.innerVariance.squareRoot()
    }

    @Test(
        "Generation draws from the priors, and in parts the same as at once",
        arguments: [[6], [2, 4], [1, 3, 2]])
    func generation(_ sizes: [Int]) {
        let toy = Self.toy()
        let whole = toy.trace(.generation(6, using: Self.noise))
        #expect(whole.sites.map(\.value.shape) == [[1, 6, 1], [1, 6, 1]])
        #expect(whole.likelihood.shape == [1, 6, 3])
        #expect(whole.sites.allSatisfy { $0.posterior == nil && $0.prior != nil })
        var first = 0
        for size in sizes {
            let part = toy.trace(.generation(size, startingAt: first, using: Self.noise))
            for (site, all) in zip(part.sites, whole.sites) {
                expectClose(site.value, all.value[.all, .range(first..<first + size)], relative: 1e-12)
            }
            first += size
        }
    }

    @Test(
        "At a temperature the draws of each prior are spread by it, around means that follow",
        arguments: [0.5, 2])
    func temperature(_ temperature: Double) {
        let toy = Self.toy()
        let plain = toy.trace(.generation(6, using: Self.noise))
        let tempered = toy.trace(.generation(6, temperature: temperature, using: Self.noise))
        expectClose(tempered.sites[0].value, plain.sites[0].value * temperature, relative: 1e-12)
        expectClose(
            Self.bottomNoise(tempered, toy), Self.bottomNoise(plain, toy) * temperature, relative: 1e-11)
    }

    @Test("Given values are taken, and what is drawn below follows them")
    func given() {
        let toy = Self.toy()
        let plain = toy.trace(.generation(6, using: Self.noise))
        let top = Tensor.linearSpace(from: -3, to: 3, count: 6, dtype: .float64).reshaped([1, 6, 1])
        let given = toy.trace(.generation(6, given: ["top": top], using: Self.noise))
        expectClose(given.sites[0].value, top)
        expectClose(Self.bottomNoise(given, toy), Self.bottomNoise(plain, toy), relative: 1e-11)
        let bottom = plain.sites[1].value * 2
        let both = toy.trace(.generation(6, given: ["top": top, "bottom": bottom], using: Self.noise))
        expectClose((both.likelihood as! DiagonalGaussian).mean, toy.likelihood(top, bottom).mean)
    }

    @Test("A prior without temperature ends the program with the latent's name")
    func untempered() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = WrittenModel { walk in
                walk.latent("bits", prior: Bernoulli(logits: .zeros([2]), eventRank: 1), posterior: nil)
                    .unitGaussian
            }
            _ = model.trace(.generation(2, temperature: 0.5, using: Generator(seed: 0)))
        }
        expectStandardError(of: result, says: ["'bits'", "temperature"])
    }

    @Test(
        "A reconstruction takes the posteriors' centers down to a depth, the priors' draws below",
        arguments: 0...3)
    func depth(_ depth: Int) {
        let toy = Self.toy()
        let trace = toy.trace(
            .reconstruction(of: Observation(Self.batch), depth: depth, using: Self.noise))
        let inference = toy.trace(.inference(of: Observation(Self.batch), using: Self.noise))
        let deviations = Self.batch.examples - toy.offset.value
        let top = trace.sites[0].value
        #expect(trace.samples == 1 && top.shape == [1, 5, 1])
        let topNoise: Tensor = {
            let posterior = toy.topPosterior(deviations)
            return (inference.sites[0].value - posterior.mean) / posterior.standardDeviation
        }()
        let bottomNoise: Tensor = {
            let posterior = toy.bottomPosterior(inference.sites[0].value, deviations)
            return (inference.sites[1].value - posterior.mean) / posterior.standardDeviation
        }()
        expectClose(
            top, depth == 0 ? topNoise : toy.topPosterior(deviations).mean.expanded(at: 0), relative: 1e-9)
        if depth >= 2 {
            expectClose(trace.sites[1].value, toy.bottomPosterior(top, deviations).mean, relative: 1e-12)
        } else {
            expectClose(Self.bottomNoise(trace, toy), bottomNoise, relative: 1e-9)
            let tempered = toy.trace(
                .reconstruction(
                    of: Observation(Self.batch), depth: depth, temperature: 0.25, using: Self.noise))
            expectClose(Self.bottomNoise(tempered, toy), bottomNoise * 0.25, relative: 1e-9)
        }
    }

    @Test("Dequantization's noise is at the middle of the bin in a reconstruction, and in it otherwise")
    func dequantized() {
        let levels = Tensor([0.0, 51, 255, 7, 8, 9], shape: [2, 3]) / 255
        let model = WrittenModel { walk in
            walk.dequantize { UniformNoise(shape: $0.shape, eventRank: 1, dtype: .float64) }
            return DequantizedDensity(Tensor.zeros([3], dtype: .float64).unitGaussian, dimensions: 3)
        }
        let observation = Observation(Batch(levels))
        let middle = model.trace(.reconstruction(of: observation))
        expectClose(middle.sites[0].value, Tensor(repeating: 0.5, shape: [1, 2, 3], dtype: .float64))
        expectClose(middle.asked!, ((levels * 255 + 0.5) / 256).expanded(at: 0), relative: 1e-12)
        let drawn = model.trace(.inference(of: observation, samples: 4, using: Self.noise))
        #expect(drawn.asked!.shape == [4, 2, 3] && drawn.latents.isEmpty && drawn.bound.rates.isEmpty)
        expectClose(
            DequantizedDensity.levels(at: drawn.asked!), levels.broadcast(to: [4, 2, 3]), absolute: 1e-12)
        expectClose(drawn.bound.elbo, drawn.logWeights().mean(along: 0), relative: 1e-12)
        #expect(model.trace(.generation(3, using: Self.noise)).sites.isEmpty)
    }

    @Test("The weights of given values are log p(x | z) + log p(z) − log q(z | x)", arguments: [1, 0.25])
    func replay(_ rateWeight: Double) {
        let toy = Self.toy()
        var noise = Generator(seed: 2)
        let (top, bottom) = (
            noise.normal([3, 5, 1], dtype: .float64), noise.normal([3, 5, 1], dtype: .float64)
        )
        let trace = toy.trace(
            .replay(
                of: Observation(Self.batch), samples: 3, given: ["top": top, "bottom": bottom],
                using: Self.noise))
        let deviations = Self.batch.examples - toy.offset.value
        let prior =
            toy.topPrior.logProbability(of: top) + toy.bottomPrior(top).logProbability(of: bottom)
        let posterior =
            toy.topPosterior(deviations).logProbability(of: top)
            + toy.bottomPosterior(top, deviations).logProbability(of: bottom)
        expectClose(
            trace.logWeights(rateWeight: rateWeight),
            toy.likelihood(top, bottom).logProbability(of: Self.batch.examples) + (prior - posterior)
                * rateWeight,
            relative: 1e-12)
    }

    @Test("A posterior in the encoder's place is drawn from and priced; the other latents keep theirs")
    func posteriors() {
        let toy = Self.toy()
        let deviations = Self.batch.examples - toy.offset.value
        let own = toy.topPosterior(deviations)
        let other = DiagonalGaussian(mean: own.mean * 2 + 1, logVariance: own.logVariance - 0.5)
        let trace = toy.trace(
            .replay(
                of: Observation(Self.batch), samples: 4, posteriors: ["top": other], using: Self.noise))
        let inference = toy.trace(.inference(of: Observation(Self.batch), samples: 4, using: Self.noise))
        let epsilon = (inference.sites[0].value - own.mean) / own.standardDeviation
        expectClose(trace.sites[0].value, other.mean + other.standardDeviation * epsilon, relative: 1e-9)
        expectClose(trace.sites[0].logPosterior, other.logProbability(of: trace.sites[0].value))
        let bottom = toy.bottomPosterior(trace.sites[0].value, deviations)
        expectClose(
            trace.sites[1].logPosterior, bottom.logProbability(of: trace.sites[1].value), relative: 1e-12)
        expectClose(trace.bound.rates[0].rate, other.klDivergence(to: toy.topPrior)!, relative: 1e-12)
        // The encoder's own changes nothing.
        let same = toy.trace(
            .replay(of: Observation(Self.batch), samples: 4, posteriors: ["top": own], using: Self.noise))
        expectClose(same.logWeights(), inference.logWeights(), relative: 1e-12)
    }

    static let draws = Tensor([3, 0, 1, 1, 2, 0, 0, 1, 3, 2], shape: [2, 5])

    @Test("A replay of draws by their numbers makes the same draws again")
    func replayed() {
        let whole = WalkTests.inference()
        let again = whole.replayed(draws: Self.draws)
        #expect(again.samples == 2 && again.count == 5)
        for (site, all) in zip(again.sites, whole.sites) {
            expectClose(
                site.value, all.value.gatheringElements(at: Self.draws.expanded(at: 2), along: 0),
                relative: 1e-12)
        }
        expectClose(
            again.logWeights(), whole.logWeights().gatheringElements(at: Self.draws, along: 0),
            relative: 1e-12)
    }

    @Test("A replay records the history that the first walk did not, with the gradient of the same draws")
    func replayedGradient() {
        let toy = Self.toy()
        let state = ModuleState(toy)
        func loss(_ logWeights: Tensor) -> Tensor { (logWeights * Tensor([1, 2, 3, 4, 5.0])).sum() }
        let found = state.valueWithGradients {
            let observation = Observation(Self.batch, recordsEvidence: true)
            let first = withoutGradients {
                let trace = toy.trace(.inference(of: observation, samples: 4, using: Self.noise))
                #expect(!trace.logWeights().requiresGradient)
                return trace
            }
            return loss(first.replayed(draws: Self.draws).logWeights())
        }
        let expected = state.valueWithGradients {
            let whole = toy.trace(.inference(of: Observation(Self.batch), samples: 4, using: Self.noise))
            return loss(whole.logWeights().gatheringElements(at: Self.draws, along: 0))
        }
        expectClose(found.value, expected.value, relative: 1e-12)
        for (place, entry) in state.parameters.enumerated() {
            #expect((expected.gradients[place] .!= 0).anyTrue(), "\(entry.key)")
            expectClose(
                found.gradients[place], expected.gradients[place], relative: 1e-9, absolute: 1e-10,
                "\(entry.key)")
        }
    }
}
