import Foundation

/// A distribution estimated from draws, with standard errors.
public struct SampledDistribution: Sendable, Equatable {
    /// The estimate.
    public let distribution: JointDistribution
    /// The standard error of each probability.
    ///
    /// It is that of the frequencies with two draws more, one that hits and one that does not: a category that no draw
    /// has is not known to be impossible, and so its error is not zero (Agresti and Coull 1998).
    public let standardErrors: [Double]
    /// (Σ w)² / Σ w²: how many draws of equal weight would tell as much.
    public let effectiveCount: Double

    init(_ tally: WeightedTally, _ targets: [Int], in network: BayesianNetwork) {
        let mean = tally.squares / tally.total
        let total = tally.total + 2 * mean
        distribution = JointDistribution(targets, tally.totals.map { $0 / tally.total }, in: network)
        standardErrors = zip(tally.totals, tally.totalSquares).map { hits, squares in
            let probability = (hits + mean) / total
            let (missed, hit) = (probability * probability, (1 - probability) * (1 - probability))
            let variance = (squares + mean * mean) * hit + (tally.squares - squares + mean * mean) * missed
            return variance.squareRoot() / total
        }
        effectiveCount = tally.total * tally.total / tally.squares
    }
}

/// Sums of weights and of their squares, in all and for each combination of the targets' categories.
///
/// All in units of the largest weight so far: what much evidence has for its probability no number may hold, and its
/// square even sooner not.
struct WeightedTally {
    private var largest = -Double.infinity
    private(set) var total = 0.0
    private(set) var squares = 0.0
    private(set) var totals: [Double]
    private(set) var totalSquares: [Double]
    private let targets: [(place: Int, size: Int)]

    init(_ targets: [Int], in network: BayesianNetwork) {
        self.targets = targets.map { ($0, network.sizes[$0]) }
        totals = Array(repeating: 0, count: self.targets.reduce(1) { $0 * $1.size })
        totalSquares = totals
    }

    /// Adds a draw whose weight is not zero.
    mutating func add(logWeight: Double, _ entries: UnsafeMutableBufferPointer<Int32>) {
        if logWeight > largest {
            scale(by: exp(largest - logWeight))
            largest = logWeight
        }
        let weight = exp(logWeight - largest)
        var index = 0
        for target in targets { index = index * target.size + Int(entries[target.place]) }
        total += weight
        squares += weight * weight
        totals[index] += weight
        totalSquares[index] += weight * weight
    }

    private mutating func scale(by factor: Double) {
        total *= factor
        squares *= factor * factor
        for index in totals.indices {
            totals[index] *= factor
            totalSquares[index] *= factor * factor
        }
    }
}
