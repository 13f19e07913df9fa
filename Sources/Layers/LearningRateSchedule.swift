import Foundation

/// How the learning rate changes with the step.
///
/// Every case is a pure function of the step, so that a resumed run needs no state for it.
public enum LearningRateSchedule: Codable, Hashable, Sendable {
    /// The base rate throughout.
    case constant
    /// The base rate, multiplied by `factor` after each `interval` steps.
    case step(interval: Int, factor: Double)
    /// Up in a straight line over `warmUp` steps, then down half a cosine to `floor` times the base rate at
    /// step `total`, where it stays.
    ///
    /// Source: Loshchilov, Hutter 2017, eq. 5, arXiv:1608.03983.
    case cosine(total: Int, warmUp: Int, floor: Double)

    /// The rate of a step.
    ///
    /// - Parameters:
    ///   - step: How many steps came before.
    ///   - base: The rate that the schedule scales.
    /// - Returns: The rate, never above `base`.
    public func learningRate(at step: Int, base: Double) -> Double {
        switch self {
        case .constant: return base
        case .step(let interval, let factor): return base * pow(factor, Double(step / interval))
        case .cosine(let total, let warmUp, let floor):
            if step < warmUp { return base * Double(step + 1) / Double(warmUp) }
            guard step < total else { return base * floor }
            let progress = Double(step - warmUp) / Double(total - warmUp)
            return base * (floor + (1 - floor) * (1 + cos(.pi * progress)) / 2)
        }
    }

    /// Checks the ranges.
    ///
    /// - Throws: `LayersError.setting`.
    public func validate() throws(LayersError) {
        switch self {
        case .constant: break
        case .step(let interval, let factor):
            try check(interval > 0, "the schedule's interval", Double(interval), "a positive number of steps")
            try check(
                factor > 0 && factor <= 1, "the schedule's factor", factor, "a number from above 0 to 1")
        case .cosine(let total, let warmUp, let floor):
            try check(warmUp >= 0, "the schedule's warm-up", Double(warmUp), "0 or a number of steps")
            try check(
                total > warmUp, "the schedule's total", Double(total), "more than the \(warmUp) warm-up steps"
            )
            try check((0...1).contains(floor), "the schedule's floor", floor, "a number from 0 to 1")
        }
    }
}
