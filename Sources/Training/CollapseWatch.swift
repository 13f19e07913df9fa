/// Watches how many latent units are active, epoch by epoch, for the moment at which a person should know.
///
/// Units that fall to the prior say nothing of x, and seldom come back. Single epochs waver about the threshold, so
/// that three in a row count; what has been told is told again only when half as many are left.
public struct CollapseWatch: Codable, Sendable, Equatable {
    /// Epochs in a row after which it is no wavering.
    private static let patience = 3

    /// The most units that have been active.
    public private(set) var peak = 0
    /// Epochs in a row with fewer than that, or none at all.
    private var lowInARow = 0
    /// How many were active when the alarm was raised last.
    private var told: Int?

    /// A watch that has seen nothing yet.
    public init() {}

    /// Takes in an epoch.
    ///
    /// - Parameter active: How many units are active.
    /// - Returns: Whether to raise the alarm.
    package mutating func note(active: Int) -> Bool {
        let isLow = active < peak || active == 0
        peak = max(peak, active)
        lowInARow = isLow ? lowInARow + 1 : 0
        // More than twice as many have come alive since: a later fall is news.
        if !isLow, let told, active > 2 * told { self.told = nil }
        guard lowInARow >= Self.patience else { return false }
        if let told, told == 0 || active > told / 2 { return false }
        told = active
        return true
    }
}
