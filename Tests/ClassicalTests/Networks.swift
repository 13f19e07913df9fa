import Classical
import Foundation
import Tensors

/// Networks that the tests share.
enum Networks {
    /// The lecture's: clouds make rain likely and sprinkling needless.
    static let cloud = make([
        .init("Cloud", ["yes", "no"], table: [[0.5, 0.5]]),
        .init("Sprinkler", ["yes", "no"], parents: ["Cloud"], table: [[0.1, 0.9], [0.5, 0.5]]),
        .init("Rain", ["yes", "no"], parents: ["Cloud"], table: [[0.8, 0.2], [0.2, 0.8]]),
    ])

    /// The same with grass that either makes wet.
    static let sprinkler = make([
        .init("Cloud", ["yes", "no"], table: [[0.5, 0.5]]),
        .init("Sprinkler", ["yes", "no"], parents: ["Cloud"], table: [[0.1, 0.9], [0.5, 0.5]]),
        .init("Rain", ["yes", "no"], parents: ["Cloud"], table: [[0.8, 0.2], [0.2, 0.8]]),
        .init(
            "Wet", ["yes", "no"], parents: ["Sprinkler", "Rain"],
            table: [[0.99, 0.01], [0.9, 0.1], [0.9, 0.1], [0, 1]]),
    ])

    /// Arrows in and out of every kind of node, and a table with zeros.
    static let mixed = make([
        .init(
            "D", ["a", "b"], parents: ["B", "C"], table: (0..<6).map { [Double($0) / 5, 1 - Double($0) / 5] }),
        .init("A", ["a", "b"], table: [[0.3, 0.7]]),
        .init("B", ["a", "b", "c"], parents: ["A"], table: [[0.2, 0.5, 0.3], [0.6, 0, 0.4]]),
        .init("C", ["a", "b"], parents: ["A"], table: [[0.9, 0.1], [0.4, 0.6]]),
        .init("E", ["a", "b", "c"], parents: ["D"], table: [[0.1, 0.1, 0.8], [0.5, 0.25, 0.25]]),
        .init("F", ["a", "b"], table: [[0.6, 0.4]]),
    ])

    /// For networks that are right: what is written here is.
    static func make(_ nodes: [BayesianNetwork.Node]) -> BayesianNetwork {
        do { return try BayesianNetwork(nodes: nodes) } catch { fatalError("\(error)") }
    }

    /// A network of `Tests/Golden/networks`.
    static func golden(_ name: String) throws -> BayesianNetwork {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try BayesianNetwork(contentsOf: tests.appendingPathComponent("Golden/networks/\(name).bif"))
    }
}

extension BayesianNetwork {
    /// Every combination of categories, the last node's fastest.
    var outcomes: [[Int]] {
        sizes.reduce([[]]) { rows, size in rows.flatMap { row in (0..<size).map { row + [$0] } } }
    }

    /// p of all nodes, by multiplying the tables as the definition has it.
    func probability(of row: [Int]) -> Double {
        nodes.indices.reduce(1) { product, node in
            let place = parents[node].reduce(0) { $0 * sizes[$1] + row[$1] } * sizes[node] + row[node]
            return product * nodes[node].table[place]
        }
    }

    /// Σ p over the outcomes that agree with what is known.
    func enumerated(_ known: [Int: Int]) -> Double {
        outcomes.filter { row in known.allSatisfy { row[$0] == $1 } }.reduce(0) { $0 + probability(of: $1) }
    }

    /// The same arrows with tables at random.
    func randomized(using generator: inout Generator) -> BayesianNetwork {
        let tables = randomTables(using: &generator)
        return Networks.make(
            zip(nodes, tables).map { Node($0.name, $0.categories, parents: $0.parents, table: [$1]) })
    }
}

extension NetworkData {
    /// The rows with a share of their entries missing.
    func losing(_ share: Double, of network: BayesianNetwork, using generator: inout Generator) throws
        -> NetworkData
    {
        let kept = generator.uniform([rows, columns], dtype: .float64).array(of: Double.self)
        return try NetworkData(
            (0..<rows).map { row in
                (0..<columns).map { kept[row * columns + $0] < share ? nil : self[row, $0] }
            }, of: network)
    }
}
