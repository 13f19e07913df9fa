import Datasets

/// How well each unit alone predicts each factor by a line, and the gap that it leaves: SAP.
///
/// A factor with an order is regressed on the unit's code: the score is R² = cov(c, v)² / (var c · var v). Of a factor
/// without, the classes are parted by thresholds halfway between the means of their codes: the score is the balanced
/// accuracy, as chance would have it 0 and at best 1. (The paper leaves it at 1 / classes for chance, so that a factor
/// with few classes could not reach a gap of 1.)
///
/// Source: Kumar, Sattigeri, Balakrishnan 2018, section 3, arXiv:1711.00848.
public struct AttributePredictability: Codable, Sendable, Equatable {
    /// The score of each unit for each factor, `[unit][factor]`.
    public var scores: [[Double]]
    /// The gap of each factor: the score of the best unit, less that of the next.
    public var gaps: [Double]

    /// The mean gap over factors: SAP.
    public var gap: Double

    /// What units alone predict of the factors.
    ///
    /// - Parameter codes: The codes, with one unit at least.
    public init(of codes: FactorCodes) {
        scores = codes.units.map { unit in
            codes.factors.indices.map { factor in
                codes.factors[factor].isOrdered
                    ? Self.determination(of: codes.values[factor].map(Double.init), by: unit)
                    : Self.accuracy(of: codes.places(ofFactor: factor), by: unit)
            }
        }
        gaps = gapsBetweenBestTwo(scores)
        gap = gaps.reduce(0, +) / Double(gaps.count)
    }

    /// R², 0 where either does not vary.
    private static func determination(of values: [Double], by codes: [Double]) -> Double {
        let (value, code) = (Moments(of: values), Moments(of: codes))
        guard value.variance > 0, code.variance > 0 else { return 0 }
        let covariance =
            zip(values, codes).reduce(0) { $0 + ($1.0 - value.mean) * ($1.1 - code.mean) }
            / Double(values.count)
        return covariance * covariance / (value.variance * code.variance)
    }

    /// The mean over classes of the share that is nearest to its own class's mean, from 0 for chance to 1.
    private static func accuracy(of places: [[Int]], by codes: [Double]) -> Double {
        let classes = places.filter { !$0.isEmpty }
        guard classes.count > 1 else { return 0 }
        let means = classes.map { places in places.reduce(0) { $0 + codes[$1] } / Double(places.count) }
        let order = means.indices.sorted { means[$0] < means[$1] }
        let thresholds = zip(order, order.dropFirst()).map { (means[$0] + means[$1]) / 2 }
        let recalls = classes.indices.map { index in
            let hits = classes[index].count { place in
                order[thresholds.count { codes[place] > $0 }] == index
            }
            return Double(hits) / Double(classes[index].count)
        }
        let chance = 1 / Double(classes.count)
        let accuracy = recalls.reduce(0, +) / Double(classes.count)
        return max(0, (accuracy - chance) / (1 - chance))
    }
}
