import Bounds
import Foundation
import Tensors

extension BayesianNetwork {
    /// log p(what is known in a row), of each row, in nats; −∞ where it is impossible.
    ///
    /// - Throws: `NetworkError.tooWide`.
    public func logProbabilities(of data: NetworkData) throws -> [Double] {
        let rows = try NetworkRows(data, in: self)
        let found = rows.kinds.map { rows.logProbability(of: $0, under: tables) }
        return rows.kindOfRow.map { found[$0] }
    }

    /// The bound with the exact posterior of what is missing in a row, which is log p(row) itself.
    ///
    ///     distortion = −E log Π_known p(x_i | parents),   rate = E log q(h | x) − log Π_missing p(h_j | parents)
    ///
    /// Prior and decoder are the tables: of the missing nodes the one, of the known nodes the other. Where no missing
    /// node has a known parent these are p(h) and p(x | h).
    ///
    /// - Returns: Float64, nats for each row; infinite where a row is impossible.
    /// - Throws: `NetworkError.tooWide`.
    public func bound(of data: NetworkData) throws -> Bound {
        let rows = try NetworkRows(data, in: self)
        let tables = self.tables
        let parts = rows.groups.map { group in
            var workspace = group.plan.workspace
            return group.cases.indices.map { place in
                let total = group.logTotal(of: place, tables, &workspace, differentiating: true)
                let distortion = -group.expectedLogLikelihood(of: place, tables, workspace)
                return (logTotal: total, distortion: total > -.infinity ? distortion : .infinity)
            }
        }
        let found = rows.kinds.map { kind in
            let known = kind.known.reduce(0.0) { $0 + log(tables[$1.node][$1.place]) }
            return kind.parts.reduce((distortion: -known, rate: 0.0)) { sum, part in
                let (total, distortion) = parts[part.group][part.place]
                let rate = total > -.infinity ? -total - distortion : .infinity
                return (sum.distortion + distortion, sum.rate + rate)
            }
        }
        return Bound(
            distortion: Tensor(rows.kindOfRow.map { found[$0].distortion }, shape: [data.rows]),
            rates: [GroupRate("hidden", Tensor(rows.kindOfRow.map { found[$0].rate }, shape: [data.rows]))])
    }

    /// p(category | what is known in a row) of some nodes.
    ///
    /// - Parameters:
    ///   - nodes: Their places. A node that is known has all probability at its category.
    ///   - data: The rows.
    /// - Returns: For each row, the probabilities of the first node's categories, then the next one's.
    /// - Throws: `NetworkError.impossibleEvidence`, `.tooWide`.
    public func posteriors(of nodes: [Int], in data: NetworkData) throws -> [[Double]] {
        let rows = try NetworkRows(data, in: self)
        let tables = self.tables
        let marginals = rows.groups.map { group in
            var workspace = group.plan.workspace
            return group.cases.indices.map { place -> [Int: [Double]]? in
                let total = group.logTotal(of: place, tables, &workspace, differentiating: true)
                return total > -.infinity ? group.marginals(workspace, sizes: sizes) : nil
            }
        }
        let found = try rows.kinds.map { kind in
            let parts = kind.parts.map { marginals[$0.group][$0.place] }
            let isPossible =
                kind.known.allSatisfy { tables[$0.node][$0.place] > 0 } && parts.allSatisfy { $0 != nil }
            guard isPossible else {
                throw NetworkError.impossibleEvidence(
                    "row \(kind.row + 1) (\(text(of: data.evidence(inRow: kind.row))))")
            }
            let known = parts.compactMap { $0 }.reduce(into: [:]) { all, some in
                all.merge(some) { first, _ in first }
            }
            return nodes.flatMap { node in
                known[node]
                    ?? (0..<sizes[node]).map { $0 == data[kind.row, node] ? 1 : 0 }
            }
        }
        return rows.kindOfRow.map { found[$0] }
    }
}

extension NetworkRows.Group {
    /// E log Π p(x_i | parents) over the group's known nodes, after the posterior was found.
    fileprivate func expectedLogLikelihood(
        of place: Int, _ tables: [[Double]], _ workspace: EliminationPlan.Workspace
    ) -> Double {
        let isHidden = Set(hidden)
        var sum = 0.0
        for (index, family) in families.enumerated() where !isHidden.contains(family.node) {
            let base = Int(cases[place][index])
            for (input, offset) in zip(plan.inputs[index], family.offsets) {
                let probability = workspace.adjoints[input]
                if probability > 0 { sum += probability * log(tables[family.node][base + offset]) }
            }
        }
        return sum
    }

    /// The posterior of each missing node, which is the fastest member of its own table.
    fileprivate func marginals(
        _ workspace: EliminationPlan.Workspace, sizes: [Int]
    ) -> [Int: [Double]] {
        var found: [Int: [Double]] = [:]
        for (index, family) in families.enumerated() where family.hidden.last == family.node {
            var marginal = [Double](repeating: 0, count: sizes[family.node])
            for (entry, input) in plan.inputs[index].enumerated() {
                marginal[entry % marginal.count] += workspace.adjoints[input]
            }
            found[family.node] = marginal
        }
        return found
    }
}
