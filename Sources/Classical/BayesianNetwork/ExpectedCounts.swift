import Foundation

/// A row of a node's table: the probabilities under one combination of the parents' categories.
public struct TableRow: Sendable, Hashable {
    /// The place of the node.
    public let node: Int
    /// The combination, the last parent's categories fastest.
    public let row: Int

    /// A row.
    public init(node: Int, row: Int) { (self.node, self.row) = (node, row) }
}

/// The E step: how often each entry of each table is to be expected in data, and how likely the data are.
///
///     counts_f(u) = Σ_rows p(members of f are u | row)
struct ExpectedCounts {
    private(set) var counts: [[Double]]
    /// Σ_rows log p(row); −∞ where a row is impossible.
    private(set) var logLikelihood = 0.0
    /// The first row, from 0, that is impossible.
    private(set) var impossibleRow: Int?

    /// The counts under a model's tables.
    init(of rows: NetworkRows, under tables: [[Double]]) {
        counts = rows.counts
        for node in counts.indices {
            for (count, value) in zip(counts[node], tables[node]) where count > 0 {
                logLikelihood += count * log(value)
            }
        }
        for group in rows.groups {
            var workspace = group.plan.workspace
            for place in group.cases.indices {
                let weight = group.weights[place]
                let total = group.logTotal(of: place, tables, &workspace, differentiating: true)
                logLikelihood += weight * total
                guard total > -.infinity else { continue }
                for (index, family) in group.families.enumerated() {
                    let base = Int(group.cases[place][index])
                    for (input, offset) in zip(group.plan.inputs[index], family.offsets) {
                        counts[family.node][base + offset] += weight * workspace.adjoints[input]
                    }
                }
            }
        }
        if logLikelihood == -.infinity {
            impossibleRow = rows.kinds.first { rows.logProbability(of: $0, under: tables) == -.infinity }?.row
        }
    }

    /// A row of a table that stands for less than this of a row of data is one that the data say nothing of.
    private static let leastCount = 1e-9

    /// The M step: tables that make the counts, and `smoothing` more in each entry, most likely.
    ///
    /// - Parameters:
    ///   - counts: Of each table's entries.
    ///   - smoothing: What is added to each.
    ///   - sizes: How many categories each node has.
    ///   - unseen: Tables whose rows are taken where the data say nothing.
    /// - Returns: The tables, and the rows of which the data say nothing.
    static func tables(
        _ counts: [[Double]], smoothing: Double, sizes: [Int], unseen: [[Double]]
    ) -> (tables: [[Double]], unseen: [TableRow]) {
        var tables = unseen
        var rows: [TableRow] = []
        for node in counts.indices {
            let width = sizes[node]
            for begin in stride(from: 0, to: counts[node].count, by: width) {
                let range = begin..<begin + width
                let isSeen = range.reduce(0) { $0 + counts[node][$1] } >= leastCount
                if !isSeen { rows.append(TableRow(node: node, row: begin / width)) }
                guard isSeen || smoothing > 0 else { continue }
                let total = range.reduce(0) { $0 + counts[node][$1] + smoothing }
                for index in range { tables[node][index] = (counts[node][index] + smoothing) / total }
            }
        }
        return (tables, rows)
    }
}

extension NetworkRows {
    /// log p(row) of a kind of row.
    func logProbability(of kind: Kind, under tables: [[Double]]) -> Double {
        let known = kind.known.reduce(0.0) { $0 + log(tables[$1.node][$1.place]) }
        return kind.parts.reduce(known) { sum, part in
            var workspace = groups[part.group].plan.workspace
            return sum
                + groups[part.group].logTotal(
                    of: part.place, tables, &workspace, differentiating: false)
        }
    }
}
