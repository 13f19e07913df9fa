/// A weight β of the rate that grows linearly from 0 to 1, once or in cycles.
///
/// The decoder learns to use z before the rate presses it to the prior. Sources: Bowman et al. 2016, section 3.1,
/// arXiv:1511.06349; in cycles Fu et al. 2019, eq. 6 and 7, arXiv:1903.10145, where β grows in the first half of each.
public struct WarmUp: Sendable, Codable, Equatable {
    /// Over how many steps β grows; 0 for none.
    public var steps: Int
    /// After how many steps β begins anew at 0; 0 for never.
    public var period: Int

    /// A warm-up over a number of steps.
    public init(steps: Int = 0, period: Int = 0) {
        self.steps = steps
        self.period = period
    }

    /// β at a moment; 1 where weights are those that the run ends with.
    public func weight(at moment: Moment) -> Double { moment.isFinal ? 1 : weight(atStep: moment.step) }

    /// β at a step, counted from 0.
    public func weight(atStep step: Int) -> Double {
        guard steps > 0 else { return 1 }
        return min(1, Double(period > 0 ? step % period : step) / Double(steps))
    }
}
