import Classical
import Formats
import Foundation
import Tensors
import Testing
import TestSupport

@Suite struct NetworkFitTests {
    @Test("Complete data are counted", arguments: [0, 0.5])
    func complete(smoothing: Double) throws {
        let network = Networks.mixed
        var generator = Generator(seed: 4)
        let data = network.samples(300, using: &generator)
        var fit = NetworkFit()
        (fit.smoothing, fit.restarts) = (smoothing, 5)
        let result = try fit.fit(network, to: data, using: &generator)
        #expect(result.runs.count == 1 && result.runs[0].hasConverged)
        for node in network.nodes.indices {
            let rows = network.parents[node].reduce(1) { $0 * network.sizes[$1] }
            for row in 0..<rows {
                var rest = row
                var wanted: [Int: Int] = [:]
                for parent in network.parents[node].reversed() {
                    wanted[parent] = rest % network.sizes[parent]
                    rest /= network.sizes[parent]
                }
                let agreeing = (0..<300).filter { index in wanted.allSatisfy { data[index, $0] == $1 } }
                let width = network.sizes[node]
                let expected = (0..<width).map { category in
                    let hits = Double(agreeing.count { data[$0, node] == category })
                    let total = Double(agreeing.count) + smoothing * Double(width)
                    return total > 0 ? (hits + smoothing) / total : 1 / Double(width)
                }
                expectClose(
                    Array(result.network.nodes[node].table[row * width..<(row + 1) * width]), expected,
                    absolute: 1e-12)
            }
        }
    }

    private struct Golden: Decodable {
        struct Node: Decodable {
            let name: String
            let size: Int
            let parents: [String]
        }

        let nodes: [Node]
        let rows: [[Int]]
        let logLikelihood: Double
    }

    @Test(
        "EM reaches the likelihood that a direct maximiser finds which sums over all completions",
        arguments: ["scattered", "mostly-missing", "hidden-class", "hidden-and-scattered"])
    func enumeration(name: String) throws {
        let all: [String: Golden] = try goldenValues("networks/learning")
        let golden = try #require(all[name])
        let structure = Networks.make(
            golden.nodes.map { .init($0.name, (0..<$0.size).map(String.init), parents: $0.parents) })
        let data = try NetworkData(golden.rows.map { row in row.map { $0 < 0 ? nil : $0 } }, of: structure)
        var search = NetworkFit()
        (search.restarts, search.tolerance) = (20, 1e-7)
        var generator = Generator(seed: 1)
        let found = try search.fit(structure, to: data, using: &generator)
        // The last digits take EM many steps, which only the best start is worth.
        var polish = NetworkFit()
        (polish.iterations, polish.tolerance) = (100_000, 1e-14)
        let result = try polish.refine(found.network, on: data)
        expectClose(result.runs[result.best].logLikelihood, golden.logLikelihood, absolute: 1e-6)
        expectClose(
            try result.network.logProbabilities(of: data).reduce(0, +), golden.logLikelihood, absolute: 1e-6)
    }

    @Test("What is maximised never falls", arguments: 0..<40)
    func ascent(seed: UInt64) throws {
        var generator = Generator(seed: seed)
        let truth = Networks.mixed.randomized(using: &generator)
        let hidden = [[], [1], [3, 0], [0, 1, 2, 3, 4, 5]][Int(seed) % 4]
        let data = try truth.samples(60, using: &generator).hiding(hidden)
            .losing(seed % 3 == 0 ? 0 : 0.4, of: truth, using: &generator)
        var fit = NetworkFit()
        (fit.smoothing, fit.restarts, fit.iterations) = (seed % 2 == 0 ? 0 : 0.3, 3, 200)
        for run in try fit.fit(truth, to: data, using: &generator).runs {
            for (before, after) in zip(run.objectives, run.objectives.dropFirst()) {
                // Rounding: sums of some hundred logarithms of size 1 to 10.
                #expect(after - before >= -1e-11 * max(1, abs(before)))
            }
        }
    }

    @Test("The sprinkler network learns from 10,000 rows with the clouds hidden")
    func sprinkler() throws {
        let truth = Networks.sprinkler
        var generator = Generator(seed: 12)
        let count = 10_000
        let complete = truth.samples(count, using: &generator)
        var fit = NetworkFit()
        (fit.restarts, fit.iterations, fit.tolerance) = (3, 2000, 1e-10)
        let result = try fit.fit(truth, to: complete.hiding([0]), using: &generator)
        let observable = try VariableElimination(truth).distribution(of: [1, 2, 3])
        let learnt = try VariableElimination(result.network).distribution(of: [1, 2, 3])
        for (p, found) in zip(observable.probabilities, learnt.probabilities) {
            // Four standard errors; what is impossible has none, and is learnt to be so.
            #expect(abs(found - p) <= 4 * (p * (1 - p) / Double(count)).squareRoot() + 1e-12)
        }
        #expect(result.runs.count == 3)
        #expect(
            result.runs[result.best].logLikelihood >= (result.runs.map(\.logLikelihood).max() ?? 0) - 1e-9)
    }

    @Test("Random starts break the symmetry of hidden categories; equal ones would stay")
    func symmetry() throws {
        let truth = Networks.sprinkler
        var generator = Generator(seed: 13)
        let data = truth.samples(2000, using: &generator).hiding([0])
        let flat = Networks.make(truth.nodes.map { .init($0.name, $0.categories, parents: $0.parents) })
        let stuck = try NetworkFit().refine(flat, on: data)
        let free = try NetworkFit().fit(flat, to: data, using: &generator)
        #expect(stuck.network.nodes[0].table == [0.5, 0.5])
        #expect(free.runs[0].logLikelihood > stuck.runs[0].logLikelihood + 10)
    }

    @Test func refiningBeginsWithTheTables() throws {
        var generator = Generator(seed: 14)
        let truth = Networks.cloud
        let data = truth.samples(500, using: &generator).hiding([0])
        var fit = NetworkFit()
        fit.iterations = 0
        let none = try fit.refine(truth, on: data)
        #expect(none.network == truth && none.runs[0].objectives.count == 1)
        expectClose(
            none.runs[0].logLikelihood, try truth.logProbabilities(of: data).reduce(0, +), relative: 1e-13)
        let impossible = try NetworkData([[0, 0, 0, 0], [0, 1, 1, 0]], of: Networks.sprinkler)
        #expect(throws: NetworkError.impossibleRow(2)) {
            try NetworkFit().refine(Networks.sprinkler, on: impossible)
        }
    }

    @Test(
        "A combination of parents that never occurs gets equal probabilities, whatever is missing and the seed",
        arguments: [0, 0.5], [0, 40])
    func unseenParents(smoothing: Double, missing: Int) throws {
        // Sprinkler and rain never come together; some of the grass was not looked at.
        let network = Networks.sprinkler
        let rows = (0..<200).map { row -> [Int?] in
            let sprinkler = row % 2
            return [row % 3 % 2, sprinkler, 1 - sprinkler * (row % 4 / 2), row % 5 < 3 ? 0 : 1]
        }.enumerated().map { place, row in place < missing ? Array(row.dropLast()) + [nil] : row }
        let data = try NetworkData(rows.filter { $0[1] != 0 || $0[2] != 0 }, of: network)
        var fit = NetworkFit()
        (fit.smoothing, fit.restarts) = (smoothing, 1)
        for seed in 1...3 {
            var generator = Generator(seed: UInt64(seed))
            let result = try fit.fit(network, to: data, using: &generator)
            // Of the table of the grass, the row of its parents' first categories.
            #expect(result.unseen == [TableRow(node: 3, row: 0)])
            #expect(result.network.text(ofRow: 0, of: 3) == "Sprinkler=yes, Rain=yes")
            expectClose(Array(result.network.nodes[3].table.prefix(2)), [0.5, 0.5], absolute: 1e-12)
        }
    }

    @Test("Where a network is refined, such a row keeps what it had")
    func unseenParentsRefined() throws {
        let network = Networks.sprinkler
        let data = try NetworkData(
            Array(repeating: [0, 1, 0, 0], count: 20) + [[0, 1, 0, nil]], of: network)
        let result = try NetworkFit().refine(network, on: data)
        #expect(result.unseen.contains(TableRow(node: 3, row: 0)))
        expectClose(
            Array(result.network.nodes[3].table.prefix(2)), Array(network.nodes[3].table.prefix(2)))
    }

    @Test("A question mark is a missing entry, unless it is a category")
    func questionMark() throws {
        let table = try CSV.decode(Data("A,B\nx,?\n?,n\ny,n\nx,y\n".utf8), header: .present, allText: true)
        let network = try NetworkStructure(parsing: "A -> B").network(for: table, hidden: [:])
        #expect(network.nodes.map(\.categories) == [["x", "y"], ["n", "y"]])
        let data = try NetworkData(table, of: network)
        #expect(data[0, 1] == nil && data[1, 0] == nil && data[2, 0] == 1)
        let marked = Networks.make([.init("A", ["x", "y", "?"])])
        #expect(try NetworkData(table, of: marked)[1, 0] == 2)
    }

    @Test("Columns in which nearly all values differ are named")
    func scattered() throws {
        let rows = (0..<20).map { "\($0),\($0 % 8),\($0 < 7 ? "\($0)" : "?")\n" }.joined()
        let table = try CSV.decode(Data(("id,day,few\n" + rows).utf8), header: .present, allText: true)
        let structure = try NetworkStructure(parsing: "id -> day, few")
        let found = structure.scatteredColumns(of: table, hidden: [])
        #expect(found.map(\.name) == ["id"] && found[0].values == 20 && found[0].rows == 20)
        #expect(structure.scatteredColumns(of: table, hidden: ["id"]).isEmpty)
    }

    @Test("One row, constant columns and repeated rows are learnt from like any others")
    func degenerate() throws {
        var generator = Generator(seed: 15)
        let one = try NetworkData([[nil, 0, 1, nil]], of: Networks.sprinkler)
        let result = try NetworkFit().fit(Networks.sprinkler, to: one, using: &generator)
        expectClose(result.runs[0].logLikelihood, 0, absolute: 1e-6)
        let many = try NetworkData(Array(repeating: [nil, 0, 1, nil], count: 1000), of: Networks.sprinkler)
        #expect(try NetworkFit().fit(Networks.sprinkler, to: many, using: &generator).runs[0].hasConverged)
        let none = try NetworkData([[Int?]](), of: Networks.sprinkler)
        #expect(throws: NetworkError.data(reason: "there are no rows to learn from")) {
            try NetworkFit().fit(Networks.sprinkler, to: none, using: &generator)
        }
    }

    @Test("A network of Alarm's size learns from 10,000 rows with a tenth of all entries missing")
    func large() throws {
        let truth = try Networks.golden("alarm")
        var generator = Generator(seed: 16)
        let data = try truth.samples(10_000, using: &generator).losing(0.1, of: truth, using: &generator)
        var fit = NetworkFit()
        (fit.smoothing, fit.iterations) = (1, 10)
        let result = try fit.fit(truth, to: data, using: &generator)
        let learnt = try result.network.logProbabilities(of: data).reduce(0, +) / 10_000
        let own = try truth.logProbabilities(of: data).reduce(0, +) / 10_000
        // Half a nat for each of 500 free numbers, of 10,000 rows: what fitting gains over the truth is small.
        #expect(abs(learnt - own) < 0.1, "\(learnt) \(own)")
    }
}
