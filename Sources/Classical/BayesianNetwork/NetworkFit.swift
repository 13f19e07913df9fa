import Foundation
import Tensors

/// Maximum likelihood of a network's tables, from rows with any pattern of missing entries, by expectation maximisation.
///
///     E:  counts of each table's entries, expected under the exact posterior of what is missing
///     M:  θ = (counts + a) / Σ (counts + a)
///
/// Rows of a table whose parents' categories never occur together, in what is seen and what is expected, get the prior's
/// mean: equal probabilities. With smoothing a, a Dirichlet prior of concentration a + 1, it is log p(data) + a Σ log θ that never falls. Nodes may
/// be missing in every row; what their categories mean is then for the data to say, up to their order. Complete data
/// take one step.
///
/// Source: Dempster, Laird, Rubin 1977; Lauritzen 1995, "The EM algorithm for graphical association models with missing
/// data".
public struct NetworkFit: Sendable, Equatable {
    /// What is added to every count, 0 or more.
    public var smoothing = 0.0
    /// How many steps a start gets at most.
    public var iterations = 1000
    /// A start has converged when a step gains less than this for each row, in nats.
    public var tolerance = 1e-9
    /// How many random starts there are.
    public var restarts = 1

    /// Settings to be changed.
    public init() {}

    /// What came of one start.
    public struct Run: Sendable, Equatable {
        /// What is maximised, before the first step and after each, in nats.
        ///
        /// It is log p(data), with smoothing log p(data) + a Σ log θ, and never falls beyond rounding.
        public internal(set) var objectives: [Double] = []
        /// log p(data) in the end, in nats.
        public internal(set) var logLikelihood = -Double.infinity
        /// Whether the steps came to gain less than the tolerance.
        public internal(set) var hasConverged = false
    }

    /// A network that has been learnt.
    public struct Result: Sendable, Equatable {
        /// The network of the best start.
        public let network: BayesianNetwork
        /// What came of each start.
        public let runs: [Run]
        /// Which start was best.
        public let best: Int
        /// How many rows there were.
        public let rows: Int
        /// The rows of tables of which the data say nothing, as their parents' categories never occur together.
        ///
        /// They have equal probabilities or, where a network was refined, those that it had.
        public let unseen: [TableRow]
    }

    /// Learns a network's tables.
    ///
    /// - Parameters:
    ///   - structure: The nodes, their categories and arrows; its tables do not matter.
    ///   - data: The rows.
    ///   - generator: Draws the tables that each start begins with, which breaks the symmetry of hidden categories.
    ///   - shouldStop: Asked after each step; the best so far is the result then.
    ///   - didStep: Is told the start, the step and what is maximised.
    /// - Returns: The best start's network, and what came of each.
    /// - Throws: `NetworkError.data` without rows, `.tooWide`.
    public func fit(
        _ structure: BayesianNetwork, to data: NetworkData, using generator: inout Generator,
        shouldStop: () -> Bool = { false }, didStep: (Int, Int, Double) -> Void = { _, _, _ in }
    ) throws -> Result {
        let rows = try Self.rows(of: data, in: structure)
        // Without anything missing there is one answer.
        let starts = rows.groups.isEmpty ? 1 : restarts
        var best: (place: Int, found: Found)?
        var runs: [Run] = []
        let uniform = structure.uniformTables()
        for start in 0..<starts {
            let tables = rows.groups.isEmpty ? uniform : structure.randomTables(using: &generator)
            let (run, found) = try climb(
                structure, rows, from: tables, unseen: uniform, count: data.rows, shouldStop: shouldStop
            ) { didStep(start, $0, $1) }
            runs.append(run)
            let last = run.objectives.last ?? -.infinity
            if best.map({ last > runs[$0.place].objectives.last ?? -.infinity }) ?? true {
                best = (start, found)
            }
            if shouldStop() { break }
        }
        guard let best else { preconditionFailure("NetworkFit: \(restarts) restarts must be one at least.") }
        return Result(
            network: structure.with(tables: best.found.tables), runs: runs, best: best.place, rows: data.rows,
            unseen: best.found.unseen)
    }

    /// Learns a network's tables, beginning with those that it has.
    ///
    /// - Throws: `NetworkError.impossibleRow` where they exclude a row; `.data` without rows, `.tooWide`.
    public func refine(
        _ network: BayesianNetwork, on data: NetworkData, shouldStop: () -> Bool = { false },
        didStep: (Int, Int, Double) -> Void = { _, _, _ in }
    ) throws -> Result {
        let rows = try Self.rows(of: data, in: network)
        let (run, found) = try climb(
            network, rows, from: network.tables, unseen: network.tables, count: data.rows,
            shouldStop: shouldStop
        ) { didStep(0, $0, $1) }
        return Result(
            network: network.with(tables: found.tables), runs: [run], best: 0, rows: data.rows,
            unseen: found.unseen)
    }

    private static func rows(of data: NetworkData, in network: BayesianNetwork) throws -> NetworkRows {
        guard data.rows > 0 else { throw NetworkError.data(reason: "there are no rows to learn from") }
        precondition(
            data.columns == network.nodes.count,
            "NetworkFit: data of \(data.columns) columns for \(network.nodes.count) nodes.")
        return try NetworkRows(data, in: network)
    }

    /// Tables, and the rows of them of which the data say nothing.
    private typealias Found = (tables: [[Double]], unseen: [TableRow])

    private func climb(
        _ network: BayesianNetwork, _ rows: NetworkRows, from start: [[Double]], unseen: [[Double]],
        count: Int, shouldStop: () -> Bool, didStep: (Int, Double) -> Void
    ) throws -> (Run, Found) {
        var run = Run()
        var found: Found = (start, [])
        for step in 0...iterations {
            let expected = ExpectedCounts(of: rows, under: found.tables)
            if let row = expected.impossibleRow { throw NetworkError.impossibleRow(row + 1) }
            let objective = expected.logLikelihood + logPrior(of: found.tables)
            didStep(step, objective)
            let gain = run.objectives.last.map { objective - $0 }
            run.objectives.append(objective)
            run.logLikelihood = expected.logLikelihood
            // A start from tables that forbid what smoothing allows comes from −∞; that gain is no number to compare.
            if let gain, gain <= tolerance * Double(count) {
                run.hasConverged = true
                break
            }
            guard step < iterations, !shouldStop() else { break }
            found = ExpectedCounts.tables(
                expected.counts, smoothing: smoothing, sizes: network.sizes, unseen: unseen)
        }
        return (run, found)
    }

    /// a Σ log θ.
    private func logPrior(of tables: [[Double]]) -> Double {
        guard smoothing > 0 else { return 0 }
        return smoothing * tables.joined().reduce(0) { $0 + log($1) }
    }
}

extension BayesianNetwork {
    /// Tables that know nothing.
    fileprivate func uniformTables() -> [[Double]] {
        zip(nodes, sizes).map { node, size in Array(repeating: 1 / Double(size), count: node.table.count) }
    }

    /// Tables whose rows are drawn uniformly from all distributions.
    public func randomTables(using generator: inout Generator) -> [[Double]] {
        zip(nodes, sizes).map { node, size in
            stride(from: 0, to: node.table.count, by: size).flatMap { _ in
                // Exponential draws in proportion to their sum are uniform on the simplex.
                let draws = (0..<size).map { _ in -log(1 - generator.unit()) + 1e-12 }
                let sum = draws.reduce(0, +)
                return draws.map { $0 / sum }
            }
        }
    }
}
