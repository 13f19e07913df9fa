import Datasets
import Foundation
import Tensors

/// Which units tell which factors, when all of them are asked together: DCI.
///
/// A regressor predicts each factor from all units and says how much it used each: R[unit][factor], with columns of sum 1.
///
/// - Disentanglement: 1 − the entropy of a unit's row, to the base of the factors, weighted by the row's sum: 1 where each
///   unit is used for one factor.
/// - Completeness: 1 − the entropy of a factor's column, to the base of the units, averaged: 1 where each factor is told
///   by one unit.
/// - Informativeness: how much of the factors' variance is predicted of examples not seen, averaged, and not below 0.
///
/// The regressor is gradient boosting of trees with squared error, of zeros and ones for a factor without an order;
/// a unit's importance is what its questions take off that error. (The paper has the lasso and random forests, and the
/// normalised error for the informativeness; boosted trees are what those after it use.)
///
/// Source: Eastwood, Williams 2018, section 2; Locatello et al. 2019, appendix C, arXiv:1811.12359.
struct FactorImportance {
    /// R, `[unit][factor]`.
    let shares: [[Double]]
    let disentanglement: Double
    let completeness: Double
    let informativeness: Double

    /// What a regressor makes of some codes.
    ///
    /// - Parameters:
    ///   - training: What it learns from.
    ///   - test: What its predictions are measured on.
    init(training: FactorCodes, test: FactorCodes) {
        var columns: [[Double]] = []
        var predicted: [Double] = []
        for factor in training.factors.indices {
            let trees = BoostedTrees(fitting: training.targets(ofFactor: factor), to: training.units)
            let total = trees.importances.reduce(0, +)
            columns.append(trees.importances.map { total > 0 ? $0 / total : 0 })
            let errors = zip(test.targets(ofFactor: factor), trees.predictions(for: test.units))
            let (rest, whole) = errors.reduce(into: (0.0, 0.0)) { sums, pair in
                sums.0 += zip(pair.0, pair.1).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                sums.1 += Moments(of: pair.0).variance * Double(pair.0.count)
            }
            predicted.append(whole > 0 ? max(0, 1 - rest / whole) : 0)
        }
        let shares = training.units.indices.map { unit in columns.map { $0[unit] } }
        let weights = shares.map { $0.reduce(0, +) }
        let used = weights.reduce(0, +)
        self.shares = shares
        disentanglement = zip(shares, weights).reduce(0) { sum, row in
            used > 0 ? sum + row.1 / used * (1 - Self.entropy(of: row.0)) : 0
        }
        completeness = columns.reduce(0) { $0 + 1 - Self.entropy(of: $1) } / Double(columns.count)
        informativeness = predicted.reduce(0, +) / Double(predicted.count)
    }

    /// The entropy of numbers, once their sum is made 1, to the base of how many there are: from 0 to 1.
    ///
    /// Of numbers that are all 0 it is 1, as nothing singles one out; of one number alone 0.
    private static func entropy(of numbers: [Double]) -> Double {
        let sum = numbers.reduce(0, +)
        guard sum > 0 else { return 1 }
        guard numbers.count > 1 else { return 0 }
        let nats = numbers.reduce(0) { $1 > 0 ? $0 - $1 / sum * log($1 / sum) : $0 }
        return nats / log(Double(numbers.count))
    }
}

extension FactorCodes {
    /// What a regressor predicts of a factor: its value, or for each class whether it is that.
    fileprivate func targets(ofFactor factor: Int) -> [[Double]] {
        let values = values[factor]
        guard !factors[factor].isOrdered else { return [values.map(Double.init)] }
        return (0..<factors[factor].count).map { label in values.map { $0 == label ? 1 : 0 } }
    }
}
