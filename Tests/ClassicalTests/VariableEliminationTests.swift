import Classical
import Foundation
import Tensors
import Testing
import TestSupport

@Suite struct VariableEliminationTests {
    private struct Query: Decodable {
        let targets: [String]
        let evidence: [String: String]
        let values: [Double]
    }

    @Test(
        "Exact queries agree with pgmpy's",
        arguments: ["asia", "cancer", "earthquake", "survey", "sachs", "child", "alarm"])
    func pgmpy(name: String) throws {
        let network = try Networks.golden(name)
        let queries: [String: [Query]] = try goldenValues("networks/queries")
        let inference = VariableElimination(network)
        let own = try #require(queries[name])
        #expect(own.count == 12)
        for query in own {
            var evidence: [Int: Int] = [:]
            for (node, category) in query.evidence {
                let place = try network.place(of: node)
                evidence[place] = try network.category(category, ofNode: place)
            }
            let targets = try query.targets.map(network.place(of:))
            let found = try inference.distribution(of: targets, given: evidence)
            expectClose(found.probabilities, query.values, absolute: 1e-9, "\(query)")
        }
    }

    @Test("Every query agrees with the sum over all outcomes")
    func enumeration() throws {
        let network = Networks.mixed
        let inference = VariableElimination(network)
        let evidence: [[Int: Int]] = [[:], [4: 2], [0: 1, 4: 0], [2: 2, 5: 1], [1: 0, 3: 1, 4: 1]]
        for known in evidence {
            let total = network.enumerated(known)
            expectClose(try inference.logProbability(of: known), log(total), absolute: 1e-12)
            for targets in [[0], [1, 2], [5, 0, 3], [4, 1], []] {
                let found = try inference.distribution(of: targets, given: known)
                let expected = found.probabilities.indices.map { index in
                    let wanted = Dictionary(uniqueKeysWithValues: zip(targets, found.categories(at: index)))
                    let agrees = wanted.allSatisfy { known[$0] == nil || known[$0] == $1 }
                    return agrees ? network.enumerated(known.merging(wanted) { $1 }) / total : 0
                }
                expectClose(found.probabilities, expected, absolute: 1e-14, "\(targets) given \(known)")
            }
        }
    }

    @Test func whatIsImpossibleIsToldOf() throws {
        let inference = VariableElimination(Networks.sprinkler)
        #expect(try inference.logProbability(of: [1: 1, 2: 1, 3: 0]) == -.infinity)
        let error = #expect(throws: NetworkError.self) {
            try inference.distribution(of: [0], given: [1: 1, 2: 1, 3: 0])
        }
        #expect("\(try #require(error))".contains("Sprinkler=no, Rain=no, Wet=yes has probability zero"))
    }

    @Test("A chain of many nodes, all of them known to say the unlikely, does not underflow")
    func longChain() throws {
        let count = 2000
        let network = Networks.make(
            (0..<count).map { node in
                .init(
                    "N\(node)", ["a", "b"], parents: node == 0 ? [] : ["N\(node - 1)"],
                    table: node == 0 ? [[1e-3, 0.999]] : [[1e-3, 0.999], [0.5, 0.5]])
            })
        let known = Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, 0) })
        expectClose(
            try VariableElimination(network).logProbability(of: known), Double(count) * log(1e-3),
            relative: 1e-12)
        let ends = try VariableElimination(network).distribution(of: [0], given: [count - 1: 0])
        expectClose(ends.probabilities.reduce(0, +), 1, absolute: 1e-12)
    }

    @Test func tooManyParentsThatHangTogetherAreRefused() throws {
        // Every pair of 30 roots has a child that is known: no order of elimination stays small.
        let roots = (0..<30).map { BayesianNetwork.Node("R\($0)", ["a", "b", "c"]) }
        let children = (0..<30).flatMap { one in
            (0..<one).map { other in
                BayesianNetwork.Node("C\(one)-\(other)", ["a", "b"], parents: ["R\(one)", "R\(other)"])
            }
        }
        let network = Networks.make(roots + children)
        let known = Dictionary(uniqueKeysWithValues: (30..<network.nodes.count).map { ($0, 0) })
        let error = #expect(throws: NetworkError.self) {
            try VariableElimination(network).distribution(of: [0], given: known)
        }
        #expect("\(try #require(error))".contains("take a sampling method"))
    }

    @Test(
        "Queries are read as they are written",
        arguments: [
            ("P(Cloud)", [0], [:], [:]), ("P(Cloud | Sprinkler=yes)", [0], [:], [1: 0]),
            ("P( Rain , Cloud = no|Wet=yes,Sprinkler = no )", [2, 0], [0: 1], [3: 0, 1: 1]),
            ("P(\"Cloud\" | \"Wet\"=\"no\")", [0], [:], [3: 1]),
        ] as [(String, [Int], [Int: Int], [Int: Int])])
    func queries(text: String, targets: [Int], chosen: [Int: Int], evidence: [Int: Int]) throws {
        let query = try NetworkQuery(parsing: text, to: Networks.sprinkler)
        #expect(query.targets == targets && query.chosen == chosen && query.evidence == evidence)
        #expect(query.asks(for: targets.map { chosen[$0] ?? 1 }))
        if let (node, category) = chosen.first {
            #expect(!query.asks(for: targets.map { $0 == node ? 1 - category : 0 }))
        }
    }

    @Test("A joint of more nodes than an answer has room for is refused, however it is to be found")
    func wideJoint() throws {
        let network = Networks.make((0..<70).map { .init("N\($0)", ["a", "b"], table: [[0.5, 0.5]]) })
        let all = Array(0..<70)
        let expected = NetworkError.jointTooWide(nodes: 70, entries: 0x1p70)
        var generator = Generator(seed: 1)
        #expect(throws: expected) { try VariableElimination(network).distribution(of: all) }
        for method in SampledInference.Method.allCases {
            #expect(throws: expected) {
                try SampledInference(network, by: method).distribution(of: all, count: 10, using: &generator)
            }
        }
        #expect(try VariableElimination(network).distribution(of: [0, 69]).probabilities.count == 4)
    }

    @Test(
        arguments: [
            ("", "expected 'P' at the end"), ("Cloud", "expected 'P' before 'Cloud'"),
            ("P(Cloud", "expected ')' at the end"), ("P()", "a node is missing"),
            ("P(Cloud | Rain)", "'Rain' is given without a category"),
            ("P(Cloud, Cloud)", "'Cloud' is asked for twice"),
            ("P(Cloud | Rain=yes, Rain=no)", "'Rain' is given twice"),
            ("P(Cloud | Rain=)", "a category is missing"), ("P(Cloud) + 1", "something follows the ')'"),
            ("P(\"Cloud)", "a quote is not closed"),
            ("P(Cloud ! Rain=yes)", "there is no node 'Cloud ! Rain'"),
            ("P(Clud)", "there is no node 'Clud'; there are: Cloud, Sprinkler, Rain, Wet"),
            ("P(Cloud | Rain=maybe)", "'maybe' is no category of node 'Rain'; there are: yes, no"),
        ])
    func whatIsNoQueryIsRefused(text: String, message: String) throws {
        let error = #expect(throws: NetworkError.self) {
            try NetworkQuery(parsing: text, to: Networks.sprinkler)
        }
        #expect("\(try #require(error))".contains(message))
    }
}
