/// Watches how many latent units are active, epoch by epoch, for the moment at which a person should know.
///
/// Collapsed units carry no information about x and rarely recover. The count wavers from epoch to epoch, so three low
/// epochs in a row raise the alarm; it is raised again only when half as many units are left.
public struct CollapseWatch: Codable, Sendable, Equatable {
    /// Consecutive low epochs before the alarm.
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
