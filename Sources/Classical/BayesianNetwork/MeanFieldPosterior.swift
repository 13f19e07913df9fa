import Bounds
import Foundation
import Tensors

/// A posterior that takes what is missing in a row for independent: q(h | x) = Π_j q_j(h_j | x).
///
/// Each q_j in turn is set to the best one given the others, which never lowers the bound:
///
///     log q_j(h_j) = E_others log p(h, x) + const
///
/// It is exact where what is known parts the missing nodes from one another; elsewhere the bound has a gap, and where
/// the sweeps end depends on where they begin.
///
/// Source: Saul, Jaakkola, Jordan 1996, "Mean field theory for sigmoid belief networks".
public struct MeanFieldPosterior: Sendable, Equatable {
    /// How often each q_j is set at most.
    public var sweeps = 200
    /// The sweeps end when one gains less, in nats.
    public var tolerance = 1e-10

    /// Stands for log 0 while q_j is sought, so that a start which allows the impossible can leave it.
    private static let logZero = -1e6

    /// Settings to be changed.
    public init() {}

    /// The bound of each row.
    ///
    /// - Parameters:
    ///   - data: The rows, with any pattern of missing entries.
    ///   - network: The model.
    ///   - generator: Draws where the sweeps begin.
    /// - Returns: Float64, nats; infinite where no independent posterior avoids what the network forbids.
    /// - Throws: `NetworkError.tooWide`.
    public func bound(
        of data: NetworkData, under network: BayesianNetwork, using generator: inout Generator
    ) throws -> Bound {
        let rows = try NetworkRows(data, in: network)
        let tables = network.tables
        let parts = rows.groups.map { group in
            let field = Field(group, sizes: network.sizes)
            return group.cases.map { bases in
                field.bound(
                    zip(group.families, bases).map { family, base in
                        family.offsets.map { log(tables[family.node][Int(base) + $0]) }
                    }, sweeps: sweeps, tolerance: tolerance, using: &generator)
            }
        }
        let found = rows.kinds.map { kind in
            let known = kind.known.reduce(0.0) { $0 + log(tables[$1.node][$1.place]) }
            return kind.parts.reduce((distortion: -known, rate: 0.0)) { sum, part in
                let (distortion, rate) = parts[part.group][part.place]
                return (sum.distortion + distortion, sum.rate + rate)
            }
        }
        return Bound(
            distortion: Tensor(rows.kindOfRow.map { found[$0].distortion }, shape: [data.rows]),
            rates: [GroupRate("hidden", Tensor(rows.kindOfRow.map { found[$0].rate }, shape: [data.rows]))])
    }

    /// A group of missing nodes with the members of its tables.
    private struct Field {
        private struct Table {
            /// Whether its node is missing, so that it belongs to the prior.
            let isPrior: Bool
            /// The missing members, by their place in the group.
            let members: [Int]
            /// For each entry, the category of each member.
            let categories: [[Int]]
        }

        private let sizes: [Int]
        private let tables: [Table]

        init(_ group: NetworkRows.Group, sizes: [Int]) {
            self.sizes = group.hidden.map { sizes[$0] }
            tables = group.families.map { family in
                let categories = family.hidden.reduce([[Int]()]) { combinations, member in
                    combinations.flatMap { some in (0..<sizes[member]).map { some + [$0] } }
                }
                return Table(
                    isPrior: family.hidden.last == family.node,
                    members: family.hidden.map { group.hidden.firstIndex(of: $0) ?? 0 },
                    categories: categories)
            }
        }

        /// The bound's parts, by the logarithms of each table's entries.
        func bound(
            _ logs: [[Double]], sweeps: Int, tolerance: Double, using generator: inout Generator
        ) -> (distortion: Double, rate: Double) {
            var q = sizes.map { size in
                let draws = (0..<size).map { _ in generator.unit() + 0.1 }
                let sum = draws.reduce(0, +)
                return draws.map { $0 / sum }
            }
            var previous = -Double.infinity
            for _ in 0..<sweeps {
                for node in sizes.indices { q[node] = best(node, q, logs) }
                let (distortion, rate) = parts(q, logs)
                let elbo = -distortion - rate
                if elbo - previous < tolerance { break }
                previous = elbo
            }
            return parts(q, logs)
        }

        private func best(_ node: Int, _ q: [[Double]], _ logs: [[Double]]) -> [Double] {
            var energies = [Double](repeating: 0, count: sizes[node])
            for (table, logs) in zip(tables, logs) {
                guard let place = table.members.firstIndex(of: node) else { continue }
                for (entry, categories) in table.categories.enumerated() {
                    var weight = 1.0
                    for (index, member) in table.members.enumerated() where index != place {
                        weight *= q[member][categories[index]]
                    }
                    energies[categories[place]] += weight * max(logs[entry], MeanFieldPosterior.logZero)
                }
            }
            let largest = energies.max() ?? 0
            let raw = energies.map { exp($0 - largest) }
            let sum = raw.reduce(0, +)
            return raw.map { $0 / sum }
        }

        private func parts(_ q: [[Double]], _ logs: [[Double]]) -> (distortion: Double, rate: Double) {
            var (distortion, rate) = (0.0, 0.0)
            for probability in q.joined() where probability > 0 { rate += probability * log(probability) }
            for (table, logs) in zip(tables, logs) {
                for (entry, categories) in table.categories.enumerated() {
                    let weight = zip(table.members, categories).reduce(1.0) { $0 * q[$1.0][$1.1] }
                    guard weight > 0 else { continue }
                    if table.isPrior {
                        rate -= weight * logs[entry]
                    } else {
                        distortion -= weight * logs[entry]
                    }
                }
            }
            return (distortion, rate)
        }
    }
}
