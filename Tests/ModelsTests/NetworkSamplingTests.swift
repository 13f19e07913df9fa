import Foundation
import Models
import Tensors
import TestSupport
import Testing

@Suite struct NetworkSamplingTests {
    @Test("Rows are drawn with the joint probabilities, to four standard errors")
    func forward() throws {
        let network = Networks.mixed
        var generator = Generator(seed: 3)
        let count = 40_000
        let data = network.samples(count, using: &generator)
        var counts: [[Int]: Double] = [:]
        for row in 0..<count { counts[(0..<data.columns).map { data[row, $0] ?? -1 }, default: 0] += 1 }
        for outcome in network.outcomes {
            let p = network.probability(of: outcome)
            let found = counts.removeValue(forKey: outcome) ?? 0
            #expect(
                abs(found / Double(count) - p) <= 4 * (p * (1 - p) / Double(count)).squareRoot(), "\(outcome)"
            )
        }
        #expect(counts.isEmpty)
    }

    @Test func theSameSeedDrawsTheSameRows() {
        var (one, other) = (Generator(seed: 5), Generator(seed: 5))
        #expect(Networks.sprinkler.samples(50, using: &one) == Networks.sprinkler.samples(50, using: &other))
        #expect(one.position == other.position)
    }

    private static let questions: [(targets: [Int], evidence: [Int: Int])] = [
        ([0], [:]), ([1], [4: 2]), ([3, 1], [0: 1, 4: 0]), ([2], [5: 1, 0: 0]),
    ]

    @Test("Sampled answers agree with exact ones to four of their own standard errors, which shrink as 1/√n")
    func sampled() throws {
        let network = Networks.mixed
        let exact = VariableElimination(network)
        var generator = Generator(seed: 11)
        for (targets, evidence) in Self.questions {
            let expected = try exact.distribution(of: targets, given: evidence).probabilities
            for isWeighting in [true, false] {
                func estimate(_ count: Int) throws -> SampledDistribution {
                    isWeighting
                        ? try LikelihoodWeighting(network).distribution(
                            of: targets, given: evidence, count: count, using: &generator)
                        : try RejectionSampling(network).distribution(
                            of: targets, given: evidence, count: count, using: &generator)
                }
                let few = try estimate(2_000)
                let many = try estimate(32_000)
                expectClose(many.distribution.probabilities.reduce(0, +), 1, absolute: 1e-12)
                for (index, p) in expected.enumerated() {
                    let off = abs(many.distribution.probabilities[index] - p)
                    #expect(off <= 4 * many.standardErrors[index], "\(targets) given \(evidence): \(index)")
                    #expect(many.standardErrors[index] > 0)
                    // √16 = 4; few draws know their error roughly only.
                    let ratio = few.standardErrors[index] / many.standardErrors[index]
                    #expect((2.5...7).contains(ratio), "\(ratio)")
                }
            }
        }
    }

    @Test("The standard error is the spread that estimates have", arguments: [true, false])
    func errors(isWeighting: Bool) throws {
        let network = Networks.sprinkler
        var generator = Generator(seed: 21)
        var estimates: [Double] = []
        var errors: [Double] = []
        for _ in 0..<400 {
            let found =
                isWeighting
                ? try LikelihoodWeighting(network).distribution(
                    of: [0], given: [3: 0], count: 500, using: &generator)
                : try RejectionSampling(network).distribution(
                    of: [0], given: [3: 0], count: 500, using: &generator)
            estimates.append(found.distribution.probabilities[0])
            errors.append(found.standardErrors[0])
        }
        let mean = estimates.reduce(0, +) / 400
        let spread = (estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
        // The spread of 400 estimates is known to 1/√800 = 3.5 %; four times that.
        expectClose(errors.reduce(0, +) / 400, spread, relative: 0.15)
    }

    @Test func weightingTellsMoreThanRejection() throws {
        var generator = Generator(seed: 2)
        let network = Networks.mixed
        let weighted = try LikelihoodWeighting(network).distribution(
            of: [1], given: [4: 0], count: 5000, using: &generator)
        let rejected = try RejectionSampling(network).distribution(
            of: [1], given: [4: 0], count: 5000, using: &generator)
        #expect(weighted.effectiveCount > rejected.effectiveCount)
        #expect(rejected.effectiveCount == rejected.effectiveCount.rounded())
    }

    @Test func evidenceThatNoDrawHasIsToldOf() throws {
        var generator = Generator(seed: 1)
        let impossible = [1: 1, 2: 1, 3: 0]
        for isWeighting in [true, false] {
            let error = #expect(throws: NetworkError.self) {
                isWeighting
                    ? try LikelihoodWeighting(Networks.sprinkler).distribution(
                        of: [0], given: impossible, count: 100, using: &generator)
                    : try RejectionSampling(Networks.sprinkler).distribution(
                        of: [0], given: impossible, count: 100, using: &generator)
            }
            #expect("\(try #require(error))".contains("none of 100 draws has Sprinkler=no, Rain=no, Wet=yes"))
        }
    }

    @Test("Weighted counting is Σ γ δ(S+) / N(S+), by hand")
    func lecture() throws {
        let network = Networks.cloud
        // Sprinkler and rain: both, both, sprinkler alone, neither.
        let data = try NetworkData([[nil, 0, 0], [nil, 0, 0], [nil, 0, 1], [nil, 1, 1]], of: network)
        func gamma(_ sprinkler: Int, _ rain: Int) -> Double {
            network.probability(of: [0, sprinkler, rain]) / network.enumerated([1: sprinkler, 2: rain])
        }
        let found = try WeightedCounting(network).distribution(of: [0], given: [1: 0], in: data)
        let expected = (2 * gamma(0, 0) + gamma(0, 1)) / 3
        expectClose(found.distribution.probabilities, [expected, 1 - expected], absolute: 1e-14)
        #expect(found.effectiveCount == 3)
        let squares = 2 * pow(gamma(0, 0) - expected, 2) + pow(gamma(0, 1) - expected, 2)
        expectClose(found.standardErrors[0], squares.squareRoot() / 3, absolute: 1e-14)
    }

    @Test("Without anything missing, weighted counting counts")
    func counting() throws {
        let network = Networks.mixed
        var generator = Generator(seed: 8)
        let data = network.samples(500, using: &generator)
        let found = try WeightedCounting(network).distribution(of: [1, 4], given: [0: 1], in: data)
        let agreeing = (0..<500).filter { data[$0, 0] == 1 }
        for index in found.distribution.probabilities.indices {
            let wanted = found.distribution.categories(at: index)
            let hits = agreeing.count { [data[$0, 1], data[$0, 4]] == wanted }
            expectClose(
                found.distribution.probabilities[index], Double(hits) / Double(agreeing.count),
                absolute: 1e-12)
        }
    }

    @Test("At the maximum of the likelihood, weighted counting over the data gives back the tables")
    func fixedPoint() throws {
        var generator = Generator(seed: 9)
        let truth = Networks.sprinkler
        let data = try truth.samples(400, using: &generator).hiding([0]).losing(
            0.2, of: truth, using: &generator)
        var fit = NetworkFit()
        fit.tolerance = 1e-14
        fit.iterations = 20_000
        let network = try fit.fit(truth, to: data, using: &generator).network
        let counted = try WeightedCounting(network).distribution(of: [1], given: [0: 0], in: data)
        expectClose(
            counted.distribution.probabilities, Array(network.nodes[1].table[0..<2]), absolute: 1e-4)
    }
}
