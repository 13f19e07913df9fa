import Foundation

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

    /// The M step: tables that make the counts, and `smoothing` more in each entry, most likely.
    ///
    /// A row that was never seen stays as it is, for any is as good.
    static func tables(
        _ counts: [[Double]], smoothing: Double, sizes: [Int], previous: [[Double]]
    ) -> [[Double]] {
        counts.indices.map { node in
            var table = previous[node]
            let width = sizes[node]
            for begin in stride(from: 0, to: table.count, by: width) {
                let range = begin..<begin + width
                let total = range.reduce(0) { $0 + counts[node][$1] + smoothing }
                guard total > 0 else { continue }
                for index in range { table[index] = (counts[node][index] + smoothing) / total }
            }
            return table
        }
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
