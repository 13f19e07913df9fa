import Bounds
import Classical
import Foundation
import Tensors
import Testing
import TestSupport

@Suite struct NetworkBoundTests {
    /// Rows of the mixed network with entries missing anywhere.
    private static func rows(_ count: Int, seed: UInt64) throws -> NetworkData {
        var generator = Generator(seed: seed)
        return try Networks.mixed.samples(count, using: &generator)
            .losing(0.4, of: Networks.mixed, using: &generator)
    }

    @Test("log p of a row is the sum over what is missing, whatever is missing")
    func likelihood() throws {
        let network = Networks.mixed
        let data = try Self.rows(200, seed: 1)
        let expected = (0..<data.rows).map { log(network.enumerated(data.evidence(inRow: $0))) }
        expectClose(try network.logProbabilities(of: data), expected, absolute: 1e-12)
    }

    @Test(
        "The bound with the exact posterior is log p, and its parts are the expectations that they are named for"
    )
    func exactBound() throws {
        let network = Networks.mixed
        let data = try Self.rows(60, seed: 2)
        let bound = try network.bound(of: data)
        #expect(bound.distortion.dtype == .float64 && bound.rates.count == 1)
        expectClose(
            bound.elbo, Tensor(try network.logProbabilities(of: data), shape: [60]), absolute: 1e-12)
        for row in 0..<data.rows {
            let known = data.evidence(inRow: row)
            let agreeing = network.outcomes.filter { outcome in known.allSatisfy { outcome[$0] == $1 } }
            let total = network.enumerated(known)
            var (distortion, rate) = (0.0, 0.0)
            for outcome in agreeing where network.probability(of: outcome) > 0 {
                let q = network.probability(of: outcome) / total
                rate += q * log(q)
                for node in network.nodes.indices {
                    let place = network.parents[node].reduce(0) { $0 * network.sizes[$1] + outcome[$1] }
                    let value = log(network.nodes[node].table[place * network.sizes[node] + outcome[node]])
                    if known[node] == nil { rate -= q * value } else { distortion -= q * value }
                }
            }
            expectClose(bound.distortion.array(of: Double.self)[row], distortion, absolute: 1e-12)
            expectClose(bound.rate.array(of: Double.self)[row], rate, absolute: 1e-12)
        }
    }

    @Test func posteriorsAreThoseOfTheQuery() throws {
        let network = Networks.mixed
        let data = try Self.rows(80, seed: 3)
        let found = try network.posteriors(of: [4, 0, 2], in: data)
        for row in 0..<data.rows {
            let expected = try [4, 0, 2].flatMap { node in
                try VariableElimination(network).distribution(of: [node], given: data.evidence(inRow: row))
                    .probabilities
            }
            expectClose(found[row], expected, absolute: 1e-12)
        }
    }

    @Test func impossibleRowsHaveInfiniteLossAndNoPosterior() throws {
        let network = Networks.sprinkler
        let data = try NetworkData([[nil, 0, 0, 0], [nil, 1, 1, 0]], of: network)
        #expect(try network.logProbabilities(of: data)[1] == -.infinity)
        let elbo = try network.bound(of: data).elbo.array(of: Double.self)
        #expect(elbo[0].isFinite && elbo[1] == -.infinity)
        let error = #expect(throws: NetworkError.self) { try network.posteriors(of: [0], in: data) }
        #expect("\(try #require(error))".contains("row 2 (Sprinkler=no, Rain=no, Wet=yes)"))
    }

    @Test("Any q gives a bound, and what it lacks is KL(q ‖ posterior)", arguments: 0..<25)
    func anyPosterior(seed: UInt64) throws {
        var generator = Generator(seed: seed)
        let network = Networks.mixed.randomized(using: &generator)
        let hidden = [[1], [1, 2], [3, 0], [5, 1, 4]][Int(seed) % 4]
        let known = network.nodes.indices.filter { !hidden.contains($0) }
        let given = [known, Array(known.prefix(2)), []][Int(seed) % 3]
        let data = network.samples(20, using: &generator).hiding(hidden)
        let q = TabularPosterior(randomOf: hidden, given: given, in: network, using: &generator)
        let elbos = try q.bound(of: data, under: network).elbo.array(of: Double.self)
        let gaps = try q.gaps(of: data, under: network)
        let logs = try network.logProbabilities(of: data)
        for row in 0..<data.rows {
            #expect(elbos[row] < logs[row])
            let exact = try VariableElimination(network)
                .distribution(of: hidden, given: data.evidence(inRow: row)).probabilities
            let width = exact.count
            let begin = given.reduce(0) { $0 * network.sizes[$1] + (data[row, $1] ?? 0) } * width
            let divergence = zip(q.probabilities[begin..<begin + width], exact).reduce(0) {
                $0 + $1.0 * log($1.0 / $1.1)
            }
            expectClose(gaps[row], divergence, absolute: 1e-11)
            expectClose(elbos[row] + divergence, logs[row], absolute: 1e-11)
        }
    }

    @Test("The best q that sees everything is the posterior, tight; one that sees less leaves a gap")
    func tightness() throws {
        let network = Networks.sprinkler
        var generator = Generator(seed: 6)
        let data = network.samples(300, using: &generator).hiding([0])
        let full = try TabularPosterior(of: [0], given: [1, 2, 3], in: network)
            .improved(on: data, under: network)
        expectClose(try full.gaps(of: data, under: network), Array(repeating: 0, count: 300), absolute: 1e-12)
        let partial = try TabularPosterior(of: [0], given: [1], in: network)
            .improved(on: data, under: network)
        #expect(try partial.gaps(of: data, under: network).reduce(0, +) / 300 > 0.01)
    }

    @Test("E and M steps each never raise the loss, whatever q may see", arguments: 0..<12)
    func steps(seed: UInt64) throws {
        var generator = Generator(seed: seed)
        let truth = Networks.mixed.randomized(using: &generator)
        let data = truth.samples(100, using: &generator).hiding([1, 3])
        var model = truth.randomized(using: &generator)
        let given = [[0, 2, 4, 5], [0, 2], []][Int(seed) % 3]
        var q = TabularPosterior(randomOf: [1, 3], given: given, in: model, using: &generator)
        func loss() throws -> Double {
            -(try q.bound(of: data, under: model).elbo.array(of: Double.self).reduce(0, +))
        }
        var last = try loss()
        for _ in 0..<30 {
            q = try q.improved(on: data, under: model)
            let afterE = try loss()
            #expect(afterE <= last + 1e-10)
            model = try q.maximized(model, on: data)
            last = try loss()
            #expect(last <= afterE + 1e-10)
            #expect(last >= -(try model.logProbabilities(of: data).reduce(0, +)) - 1e-10)
        }
    }

    @Test func posteriorsThatDoNotFitAreRefused() throws {
        let network = Networks.cloud
        let q = TabularPosterior(of: [0], given: [1], in: network)
        let complete = try NetworkData([[0, 0, 0]], of: network)
        let error = #expect(throws: NetworkError.self) { try q.bound(of: complete, under: network) }
        #expect("\(try #require(error))".contains("row 1: node 'Cloud' must be missing"))
        #expect(throws: NetworkError.self) {
            try TabularPosterior(of: [0], given: [1], probabilities: [0.5, 0.5, 1, 1], in: network)
        }
    }

    @Test("A mean field never exceeds log p, and is exact where what is known parts the missing nodes")
    func meanField() throws {
        var generator = Generator(seed: 7)
        let network = Networks.sprinkler
        let data = try network.samples(400, using: &generator).losing(0.5, of: network, using: &generator)
        let logs = try network.logProbabilities(of: data)
        let elbos = try MeanFieldPosterior().bound(of: data, under: network, using: &generator).elbo
            .array(of: Double.self)
        var gaps = 0
        for row in 0..<data.rows {
            #expect(elbos[row] <= logs[row] + 1e-12)
            if elbos[row] < logs[row] - 1e-3 { gaps += 1 }
            let missing = (0..<4).filter { data[row, $0] == nil }
            if missing.count <= 1 { expectClose(elbos[row], logs[row], absolute: 1e-9) }
        }
        // Cloud and the rest, both missing, depend on each other.
        #expect(gaps > 20)
    }
}
