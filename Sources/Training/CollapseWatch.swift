/// Watches how many latent units carry information, epoch by epoch, for the moment at which a person should know.
///
/// Collapsed units carry no information about x and rarely recover. The count wavers from epoch to epoch, so three low
/// epochs in a row raise the alarm. Low is a tenth less, and two units or more, than at the last alarm, or than at the
/// peak before the first, which counts once it has lasted as long; a new peak forgets the alarms before it. A count that was never higher than a third of the
/// units is low as well, but only after a grace period, as the units of a new model come alive one by one.
public struct CollapseWatch: Codable, Sendable, Equatable {
    /// Consecutive low epochs before the alarm.
    private static let patience = 3
    /// Steps before which nothing is expected of a new model.
    static let grace = 1000

    /// The most units that have carried information in each of three epochs in a row.
    public private(set) var peak = 0
    /// The counts of the last epochs; `nil` before the first.
    private var recent: [Int]?
    /// Low epochs in a row.
    private var lowInARow = 0
    /// The count when the alarm was raised last; `nil` before, and since a new peak.
    private var told: Int?

    /// The numbers by name, for a check of those that were saved.
    var counts: [(String, Int)] {
        [("collapse.peak", peak), ("collapse.lowInARow", lowInARow), ("collapse.told", told ?? 0)]
    }

    /// A watch that has seen nothing yet.
    public init() {}

    /// Takes in an epoch.
    ///
    /// - Parameters:
    ///   - count: How many units carry information.
    ///   - total: How many units there are.
    ///   - isGraceOver: Whether something is expected of a model whose units never came alive.
    /// - Returns: Whether to raise the alarm.
    package mutating func note(_ count: Int, of total: Int, isGraceOver: Bool) -> Bool {
        let counts = ((recent ?? []) + [count]).suffix(Self.patience)
        recent = Array(counts)
        if counts.count == Self.patience, let lasting = counts.min(), lasting > peak {
            (peak, told) = (lasting, nil)
        }
        let hasFallen = Self.isFall(from: peak, to: count)
        let isLow = hasFallen || 3 * count < total
        lowInARow = isLow ? lowInARow + 1 : 0
        guard lowInARow >= Self.patience, hasFallen || isGraceOver else { return false }
        if let told, !Self.isFall(from: told, to: count) { return false }
        told = count
        return true
    }

    private static func isFall(from before: Int, to count: Int) -> Bool {
        count < before && (count == 0 || (10 * count <= 9 * before && count <= before - 2))
    }
}
