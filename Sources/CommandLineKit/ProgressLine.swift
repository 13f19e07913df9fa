import Foundation

/// One moment of a progress bar, and its text.
package struct ProgressLine {
    package var title: String
    package var completed: Int
    /// How many there are to do; `nil` if nobody knows.
    package var total: Int?
    package var unit: String
    package var elapsed: Duration
    /// Units per second; `nil` before there is anything to measure.
    package var rate: Double?
    package var postfix: String

    /// The text without a bar.
    ///
    /// `title:  42% 197/469 [00:12<00:17, 15.9 step/s, postfix]`
    package var plain: String {
        let head = fraction.map { "\(prefix)\(percent($0)) " } ?? prefix
        return head + counts
    }

    /// The same with a bar, cut to fit in one line.
    ///
    /// `title:  42%|████▏     | 197/469 […]`
    ///
    /// - Parameters:
    ///   - columns: The terminal's width; its last column stays free, as some terminals wrap there.
    ///   - usesUnicode: Whether the bar is drawn in eighths of a block, else in `#`.
    /// - Returns: The line, without control characters.
    package func drawn(columns: Int, usesUnicode: Bool) -> String {
        let available = max(columns - 1, 0)
        guard let fraction else { return String(plain.prefix(available)) }
        let head = "\(prefix)\(percent(fraction))|"
        let tail = "| \(counts)"
        let room = min(available - head.count - tail.count, 40)
        guard room >= 3 else { return String(plain.prefix(available)) }
        return head + Self.bar(fraction, cells: room, usesUnicode: usesUnicode) + tail
    }

    private var prefix: String {
        title.isEmpty ? "" : title + ": "
    }

    private var fraction: Double? {
        total.map { $0 == 0 ? 1 : min(max(Double(completed) / Double($0), 0), 1) }
    }

    private func percent(_ fraction: Double) -> String {
        // Rounded down, so that 100 % means done.
        let digits = String(Int(fraction * 100))
        return String(repeating: " ", count: 3 - digits.count) + digits + "%"
    }

    private var counts: String {
        var times = Self.time(elapsed)
        if let total {
            let remaining = rate.flatMap { $0 > 0 ? Double(max(total - completed, 0)) / $0 : nil }
            times += "<" + (remaining.map { Self.time(.seconds($0)) } ?? "?")
        }
        let count = total.map { "\(completed)/\($0)" } ?? "\(completed)"
        let parts = [times, Self.speed(rate, unit), postfix].filter { !$0.isEmpty }
        return "\(count) [\(parts.joined(separator: ", "))]"
    }

    private static func bar(_ fraction: Double, cells: Int, usesUnicode: Bool) -> String {
        let partials = usesUnicode ? ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] : [""]
        let parts = Int(fraction * Double(cells * partials.count))
        let (whole, rest) = parts.quotientAndRemainder(dividingBy: partials.count)
        let filled = String(repeating: usesUnicode ? "█" : "#", count: whole) + partials[rest]
        return filled + String(repeating: " ", count: cells - filled.count)
    }

    /// `59:07`, or `1:02:03` from one hour on.
    private static func time(_ duration: Duration) -> String {
        let seconds = max(duration.components.seconds, 0)
        let (minutes, second) = seconds.quotientAndRemainder(dividingBy: 60)
        let (hours, minute) = minutes.quotientAndRemainder(dividingBy: 60)
        return hours == 0
            ? String(format: "%02d:%02d", minute, second)
            : String(format: "%d:%02d:%02d", hours, minute, second)
    }

    /// Units per second, or seconds per unit where that is the larger number.
    private static func speed(_ rate: Double?, _ unit: String) -> String {
        guard let rate, rate > 0 else { return "" }
        return rate >= 1
            ? String(format: rate < 100 ? "%.1f" : "%.0f", rate) + " \(unit)/s"
            : String(format: "%.1f", 1 / rate) + " s/\(unit)"
    }
}
