import Datasets
import Foundation

/// The mutual information of each unit's code and each factor, and the gap that it leaves.
///
///     I(c; v) = Σ p(c, v) log p(c, v) / p(c) p(v),   H(v) = −Σ p(v) log p(v)
///
/// Codes are the posterior means in bins of equal width between their smallest and largest value.
///
/// Source: Chen, Li, Grosse, Duvenaud 2018, section 4.1, arXiv:1802.04942; histograms of the means, twenty bins, as in
/// Locatello et al. 2019, appendix C, arXiv:1811.12359.
public struct MutualInformation: Codable, Sendable, Equatable {
    /// I(unit; factor) / H(factor), `[unit][factor]`: 1 where the unit's code tells the factor, 0 where it tells nothing.
    public var shares: [[Double]]
    /// The gap of each factor: the share of the unit that tells most, less that of the next.
    public var gaps: [Double]

    /// The mean gap over factors: MIG.
    public var gap: Double

    /// Bins of a unit's code, as in the field.
    public static let defaultBins = 20

    /// What codes tell of their factors.
    ///
    /// - Parameters:
    ///   - codes: The codes, with one unit at least.
    ///   - bins: How many bins a unit's code falls into.
    public init(of codes: FactorCodes, bins: Int = Self.defaultBins) {
        let binned = codes.units.map { Self.bins($0, count: bins) }
        let entropies = zip(codes.values, codes.factors).map { Self.entropy(of: $0, count: $1.count) }
        shares = binned.map { unit in
            codes.factors.indices.map { factor in
                // A factor that takes one value only leaves nothing to tell.
                guard entropies[factor] > 0 else { return 0 }
                let count = codes.factors[factor].count
                let pairs = zip(unit, codes.values[factor]).map { $0 * count + $1 }
                let joint = Self.entropy(of: pairs, count: bins * count)
                let information = Self.entropy(of: unit, count: bins) + entropies[factor] - joint
                return max(0, information / entropies[factor])
            }
        }
        gaps = gapsBetweenBestTwo(shares)
        gap = gaps.reduce(0, +) / Double(gaps.count)
    }

    /// What chance adds to the share of a unit that tells nothing, where examples are drawn from all combinations of the
    /// factors, of V values each, rather than all of them taken.
    ///
    ///     (B − 1) (V − 1) / (2 n log V)
    ///
    /// as 2 n I has the mean of a χ² with (B − 1) (V − 1) degrees of freedom. Units that tell much are off by less, so
    /// that a gap may be too large by as much, or too small.
    ///
    /// Source: Miller 1955, "Note on the bias of information estimates".
    ///
    /// - Parameters:
    ///   - examples: n.
    ///   - factors: The factors.
    ///   - bins: B.
    /// - Returns: A share for each factor; nothing for one that takes one value only.
    public static func chance(
        examples: Int, of factors: [KnownFactor], bins: Int = Self.defaultBins
    ) -> [Double] {
        factors.map { factor in
            guard factor.count > 1 else { return 0 }
            let freedom = Double((bins - 1) * (factor.count - 1))
            return freedom / (2 * Double(examples) * log(Double(factor.count)))
        }
    }

    /// How many examples it takes that chance adds no more than a tenth to any share.
    public static func fewestExamples(of factors: [KnownFactor]) -> Int {
        let most = chance(examples: 1, of: factors).max() ?? 0
        return max(1, Int((most / 0.1).rounded(.up)))
    }

    /// The bin of each value, of equal width from the smallest to the largest.
    private static func bins(_ values: [Double], count: Int) -> [Int] {
        guard let low = values.min(), let high = values.max(), low < high else {
            return values.map { _ in 0 }
        }
        return values.map { min(Int(($0 - low) / (high - low) * Double(count)), count - 1) }
    }

    /// The entropy of whole numbers below `count`, in nats.
    private static func entropy(of values: [Int], count: Int) -> Double {
        var tally = [Int](repeating: 0, count: count)
        for value in values { tally[value] += 1 }
        let total = Double(values.count)
        return tally.reduce(0) { $1 == 0 ? $0 : $0 - Double($1) / total * log(Double($1) / total) }
    }
}

/// For each factor, the score of the unit that has most, less that of the next; of one unit alone, its score.
///
/// - Parameter scores: `[unit][factor]`.
/// - Returns: A gap for each factor.
func gapsBetweenBestTwo(_ scores: [[Double]]) -> [Double] {
    guard let first = scores.first else { return [] }
    return first.indices.map { factor in
        let sorted = scores.map { $0[factor] }.sorted(by: >)
        return sorted[0] - (sorted.count > 1 ? sorted[1] : 0)
    }
}
