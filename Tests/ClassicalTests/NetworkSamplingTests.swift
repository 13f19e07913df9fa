import Classical
import Foundation
import Tensors
import Testing
import TestSupport

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
            for method in SampledInference.Method.allCases {
                func estimate(_ count: Int) throws -> SampledDistribution {
                    try SampledInference(network, by: method).distribution(
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

    @Test("The standard error is the spread that estimates have", arguments: SampledInference.Method.allCases)
    func errors(method: SampledInference.Method) throws {
        let network = Networks.sprinkler
        var generator = Generator(seed: 21)
        var estimates: [Double] = []
        var errors: [Double] = []
        for _ in 0..<400 {
            let found = try SampledInference(network, by: method).distribution(
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
        let weighted = try SampledInference(network, by: .likelihoodWeighting).distribution(
            of: [1], given: [4: 0], count: 5000, using: &generator)
        let rejected = try SampledInference(network, by: .rejection).distribution(
            of: [1], given: [4: 0], count: 5000, using: &generator)
        #expect(weighted.effectiveCount > rejected.effectiveCount)
        #expect(rejected.effectiveCount == rejected.effectiveCount.rounded())
    }

    /// Hidden states that mostly stay, in a chain, each with evidence that has a probability of about 0.01.
    private static func chain(_ length: Int) -> BayesianNetwork {
        Networks.make(
            (0..<length).flatMap { step in
                [
                    BayesianNetwork.Node(
                        "H\(step)", ["a", "b"], parents: step == 0 ? [] : ["H\(step - 1)"],
                        table: step == 0 ? [[0.5, 0.5]] : [[0.9, 0.1], [0.1, 0.9]]),
                    BayesianNetwork.Node(
                        "E\(step)", ["seen", "not"], parents: ["H\(step)"],
                        table: [[0.01, 0.99], [0.0105, 0.9895]]),
                ]
            })
    }

    @Test(
        "Evidence may have a probability whose square, or which itself, is less than any number",
        arguments: [(100, 1e-199), (300, 0)])
    func muchEvidence(length: Int, probability: Double) throws {
        let network = Self.chain(length)
        let exact = VariableElimination(network)
        let evidence = Dictionary(uniqueKeysWithValues: (0..<length).map { (2 * $0 + 1, 0) })
        let found = exp(try exact.logProbability(of: evidence))
        #expect(found >= probability && found <= 10 * probability)
        // The state in the middle; 0.393 and 0.607, where it would be even without the evidence.
        let expected = try exact.distribution(of: [length], given: evidence).probabilities
        var generator = Generator(seed: 14)
        let sampled = try SampledInference(network, by: .likelihoodWeighting).distribution(
            of: [length], given: evidence, count: 8000, using: &generator)
        for (index, p) in expected.enumerated() {
            let error = sampled.standardErrors[index]
            // Four standard errors, which are 0.006 and 0.011 here by a calculation of the same in NumPy.
            #expect((0.003...0.02).contains(error), "\(error)")
            #expect(abs(sampled.distribution.probabilities[index] - p) <= 4 * error)
        }
        #expect((500...7000).contains(sampled.effectiveCount), "\(sampled.effectiveCount)")
    }

    @Test func evidenceThatNoDrawHasIsToldOf() throws {
        var generator = Generator(seed: 1)
        let impossible = [1: 1, 2: 1, 3: 0]
        for method in SampledInference.Method.allCases {
            let error = #expect(throws: NetworkError.self) {
                try SampledInference(Networks.sprinkler, by: method).distribution(
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
