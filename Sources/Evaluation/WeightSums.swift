import Datasets
import Foundation
import Tensors

/// Running sums over the importance weights w of each example's draws, in float64.
///
/// At each of some numbers of draws k it notes log 1/k Σ w over the first k, so that a whole curve costs no more than
/// its last point.
struct WeightSums {
    private let marks: [Int]
    private var taken = 0
    private var logSum: Tensor?
    private var sumOfLogs: Tensor?
    /// log 1/k Σ_{i ≤ k} w_i for each k that has been reached, `[batch]` each.
    private(set) var curve: [Tensor] = []

    /// Nothing yet.
    ///
    /// - Precondition: `marks` ascend from 1 at least.
    init(notingAt marks: [Int]) {
        precondition(
            !marks.isEmpty && marks[0] > 0 && zip(marks, marks.dropFirst()).allSatisfy { $0 < $1 },
            "numbers of draws must ascend from 1, not be \(marks)")
        self.marks = marks
    }

    /// Adds draws in order.
    ///
    /// - Parameter logWeights: log w, `[draws, batch]`.
    /// - Precondition: No more are added than the last mark.
    mutating func add(_ logWeights: Tensor) {
        let logWeights = logWeights.converted(to: .float64)
        let added = logWeights.sum(along: 0)
        sumOfLogs = sumOfLogs.map { $0 + added } ?? added
        var used = 0
        while used < logWeights.size(along: 0) {
            guard curve.count < marks.count else { preconditionFailure("more draws than \(marks)") }
            let count = min(marks[curve.count] - taken, logWeights.size(along: 0) - used)
            let sum = logWeights.sliced(along: 0, from: used, to: used + count).logSumExp(along: 0)
            logSum = logSum.map { $0.logAddingExponential(sum) } ?? sum
            used += count
            taken += count
            if taken == marks[curve.count] { curve.append(logSum! - log(Double(taken))) }
        }
    }

    /// 1/K Σ log w over all draws: the ELBO by Monte Carlo, `[batch]`.
    var meanOfLogs: Tensor { sumOfLogs! / Double(taken) }

    /// log 1/K Σ w over all draws: the importance-weighted bound, `[batch]`.
    var logOfMean: Tensor { logSum! - log(Double(taken)) }
}

/// How many decoder outputs may be in memory at once, unless a caller knows better: 8 MB of float32.
public let outputLimit = 1 << 21

extension Batch {
    /// How many draws of one of the examples stay below a limit of decoder outputs; at least one.
    func drawsAtOnce(elementLimit: Int = outputLimit) -> Int {
        max(1, elementLimit / max(1, examples.count / max(1, count)))
    }

    /// Ranges of examples which, with so many draws each, stay below a limit of decoder outputs.
    ///
    /// - Parameters:
    ///   - samples: Draws of each example.
    ///   - elementLimit: How many outputs may be in memory at once.
    /// - Returns: The ranges, of one example at least.
    func parts(drawing samples: Int, elementLimit: Int = outputLimit) -> [Range<Int>] {
        let size = max(1, drawsAtOnce(elementLimit: elementLimit) / max(1, samples))
        return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }
}

extension WeightSums {
    /// Adds as many draws as the last mark says, few enough at a time.
    ///
    /// - Parameters:
    ///   - atOnce: How many draws are made at a time, at most.
    ///   - logWeights: log w `[draws, batch]` of the draws with these numbers.
    mutating func addAll(atOnce: Int, logWeights: (Range<Int>) -> Tensor) {
        while let last = marks.last, taken < last {
            add(logWeights(taken..<min(taken + atOnce, last)))
        }
    }
}
