import Bounds
import Foundation
import Tensors

/// A posterior q(hidden | given) that is a table of any numbers, such as q(C | S, R).
///
/// Whatever the numbers, its bound is below log p:
///
///     log p(x) = ELBO(q) + KL(q ‖ p(hidden | x))
///
/// Given all other nodes it can be exact. Given fewer of them it is amortised: rows that differ elsewhere must share a
/// posterior, and even the best table leaves a gap.
public struct TabularPosterior: Sendable, Equatable {
    /// The places of the hidden nodes.
    public let hidden: [Int]
    /// The places of the nodes that the posterior looks at.
    public let given: [Int]
    /// A row for each combination of the given nodes' categories, the last node's fastest, and in it a probability for
    /// each combination of the hidden nodes' categories; all in one list.
    public private(set) var probabilities: [Double]
    private let width: Int

    /// A posterior with equal probabilities.
    public init(of hidden: [Int], given: [Int], in network: BayesianNetwork) {
        self.hidden = hidden
        self.given = given
        width = hidden.reduce(1) { $0 * network.sizes[$1] }
        probabilities = Array(
            repeating: 1 / Double(width), count: given.reduce(width) { $0 * network.sizes[$1] })
    }

    /// A posterior with given probabilities.
    ///
    /// - Throws: `NetworkError.data` where they are too few or too many, or a row of them does not sum to one.
    public init(of hidden: [Int], given: [Int], probabilities: [Double], in network: BayesianNetwork) throws {
        self.init(of: hidden, given: given, in: network)
        guard probabilities.count == self.probabilities.count else {
            throw NetworkError.data(
                reason:
                    "\(probabilities.count) probabilities for a posterior that has \(self.probabilities.count)"
            )
        }
        for begin in stride(from: 0, to: probabilities.count, by: width) {
            let row = probabilities[begin..<begin + width]
            guard row.allSatisfy({ $0 >= 0 }), abs(row.reduce(0, +) - 1) <= BayesianNetwork.roundingTolerance
            else {
                throw NetworkError.data(reason: "row \(begin / width + 1) of a posterior is no distribution")
            }
        }
        self.probabilities = probabilities
        normalize()
    }

    /// A posterior with random probabilities, uniform over all distributions.
    public init(
        randomOf hidden: [Int], given: [Int], in network: BayesianNetwork, using generator: inout Generator
    ) {
        self.init(of: hidden, given: given, in: network)
        for index in probabilities.indices { probabilities[index] = -log(1 - generator.unit()) + 1e-12 }
        normalize()
    }

    /// The posterior of this kind that is best on some rows.
    ///
    ///     q(h | g) ∝ exp E log p(h, x),   E over the rows whose given nodes are g
    ///
    /// Given all other nodes, that is p(h | x). Categories that no row has keep their probabilities.
    ///
    /// - Throws: `NetworkError.data` where a row has hidden nodes known or others missing.
    public func improved(on data: NetworkData, under network: BayesianNetwork) throws -> TabularPosterior {
        var improved = self
        var sums = [Double](repeating: 0, count: probabilities.count)
        var counts = [Double](repeating: 0, count: probabilities.count / width)
        let families = HiddenFamilies(of: hidden, in: network)
        for row in 0..<data.rows {
            let begin = try self.begin(of: row, data, network)
            counts[begin / width] += 1
            for (index, value) in families.logJoint(row: row, data, network).enumerated() {
                sums[begin + index] += value
            }
        }
        for (row, count) in counts.enumerated() where count > 0 {
            let range = row * width..<(row + 1) * width
            let largest = sums[range].max() ?? 0
            // Rows that contradict every category leave nothing to choose.
            guard largest > -.infinity else { continue }
            for index in range { improved.probabilities[index] = exp((sums[index] - largest) / count) }
        }
        improved.normalize()
        return improved
    }

    /// The bound of each row.
    ///
    /// - Returns: Float64, nats; infinite where q allows what the network forbids.
    /// - Throws: `NetworkError.data` where a row has hidden nodes known or others missing.
    public func bound(of data: NetworkData, under network: BayesianNetwork) throws -> Bound {
        let families = HiddenFamilies(of: hidden, in: network)
        var distortions: [Double] = []
        var rates: [Double] = []
        for row in 0..<data.rows {
            let begin = try self.begin(of: row, data, network)
            let (decoder, prior) = families.logParts(row: row, data, network)
            var (distortion, rate) = (0.0, 0.0)
            for index in 0..<width where probabilities[begin + index] > 0 {
                let probability = probabilities[begin + index]
                distortion -= probability * decoder[index]
                rate += probability * (log(probability) - prior[index])
            }
            distortions.append(distortion)
            rates.append(rate)
        }
        return Bound(
            distortion: Tensor(distortions, shape: [data.rows]),
            rates: [GroupRate("hidden", Tensor(rates, shape: [data.rows]))])
    }

    /// What the bound of each row lacks to log p(row), in nats.
    ///
    /// It is KL(q ‖ posterior), and 0 where the bound is tight.
    ///
    /// - Throws: As `bound(of:under:)`.
    public func gaps(of data: NetworkData, under network: BayesianNetwork) throws -> [Double] {
        let elbos = try bound(of: data, under: network).elbo.array(of: Double.self)
        return zip(try network.logProbabilities(of: data), elbos).map { $0 - $1 }
    }

    /// The M step: the tables that make the rows most likely on average over this posterior.
    ///
    /// Rows of a table that have no weight stay as they are.
    ///
    /// - Throws: `NetworkError.data` where a row has hidden nodes known or others missing.
    public func maximized(_ network: BayesianNetwork, on data: NetworkData) throws -> BayesianNetwork {
        let families = HiddenFamilies(of: hidden, in: network)
        var counts = network.tables.map { [Double](repeating: 0, count: $0.count) }
        for row in 0..<data.rows {
            let begin = try self.begin(of: row, data, network)
            for (node, places) in families.places(row: row, data).enumerated() {
                for (index, place) in places.enumerated() {
                    counts[node][place] += probabilities[begin + index]
                }
            }
        }
        return network.with(
            tables: ExpectedCounts.tables(
                counts, smoothing: 0, sizes: network.sizes, unseen: network.tables
            ).tables)
    }

    /// Where the posterior of a row begins.
    private func begin(of row: Int, _ data: NetworkData, _ network: BayesianNetwork) throws -> Int {
        for node in 0..<data.columns where (data[row, node] == nil) != hidden.contains(node) {
            throw NetworkError.data(
                reason: "row \(row + 1): node '\(network.nodes[node].name)' must be "
                    + (hidden.contains(node) ? "missing" : "known") + " for a posterior that is a table")
        }
        return width * given.reduce(0) { $0 * network.sizes[$1] + (data[row, $1] ?? 0) }
    }

    private mutating func normalize() {
        for begin in stride(from: 0, to: probabilities.count, by: width) {
            let sum = probabilities[begin..<begin + width].reduce(0, +)
            for index in begin..<begin + width { probabilities[index] /= sum }
        }
    }
}

/// The entry of each table by the combination of hidden categories.
private struct HiddenFamilies {
    private let hidden: Set<Int>
    private let views: [FamilyView]
    /// For each node, by combination: the offset in its table.
    private let offsets: [[Int]]

    init(of hidden: [Int], in network: BayesianNetwork) {
        self.hidden = Set(hidden)
        views = network.nodes.indices.map { FamilyView(of: $0, in: network, isHidden: hidden.contains) }
        offsets = views.map { view in
            EliminationPlan.places(of: hidden, in: view.hidden, sizes: network.sizes).map {
                view.offsets[$0]
            }
        }
    }

    /// For each node, by combination: the place in its table.
    func places(row: Int, _ data: NetworkData) -> [[Int]] {
        zip(views, offsets).map { view, offsets in
            let base = view.base { data[row, $0] ?? 0 }
            return offsets.map { base + $0 }
        }
    }

    /// log p(h, row) by combination, taken apart: what known nodes add, and what hidden ones do.
    func logParts(
        row: Int, _ data: NetworkData, _ network: BayesianNetwork
    ) -> (decoder: [Double], prior: [Double]) {
        var (decoder, prior) = (offsets[0].map { _ in 0.0 }, offsets[0].map { _ in 0.0 })
        for (node, places) in places(row: row, data).enumerated() {
            for (index, place) in places.enumerated() {
                let value = log(network.nodes[node].table[place])
                if hidden.contains(node) { prior[index] += value } else { decoder[index] += value }
            }
        }
        return (decoder, prior)
    }

    func logJoint(row: Int, _ data: NetworkData, _ network: BayesianNetwork) -> [Double] {
        let (decoder, prior) = logParts(row: row, data, network)
        return zip(decoder, prior).map { $0 + $1 }
    }
}
