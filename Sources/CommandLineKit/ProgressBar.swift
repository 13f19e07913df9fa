/// Shows how far a long loop is, on standard error.
///
///     let bar = ProgressBar("epoch 1/10", total: batches.count, unit: "step")
///     for batch in batches {
///         step(batch)
///         bar.advance(postfix: "elbo \(runningELBO)")
///     }
///     bar.finish()
///
/// An update that draws nothing reads the clock and compares; the postfix is not even made. Use from one
/// thread at a time.
public final class ProgressBar {
    /// How progress is shown.
    public enum Style: Equatable, Sendable {
        /// One line, redrawn in place ten times a second.
        case bar
        /// A line of its own at the end, and before that whenever the interval has gone by.
        case lines(every: Duration)
        /// Not at all.
        case silent

        /// A bar where somebody watches, a line every ten seconds elsewhere, nothing when quiet.
        ///
        /// - Parameters:
        ///   - isQuiet: Whether the user asked for silence.
        ///   - terminal: Where progress would be shown.
        /// - Returns: The style to use.
        public static func automatic(isQuiet: Bool = false, on terminal: Terminal = .error) -> Style {
            isQuiet ? .silent : terminal.isInteractive ? .bar : .lines(every: .seconds(10))
        }
    }

    private let style: Style
    private let terminal: Terminal
    private let clock: () -> Duration
    private let interval: Duration
    private let start: Duration
    private let initial: Int
    private var line: ProgressLine
    private var shownTime: Duration
    private var shownCount: Int
    private var nextDrawing: Duration
    private var isFinished = false

    /// Begins to show progress.
    ///
    /// - Parameters:
    ///   - title: Stands before the numbers.
    ///   - total: How many units there are; `nil` if nobody knows.
    ///   - completed: How many were done before, by a run that is resumed; they do not count for the rate.
    ///   - unit: What is counted, in the singular; the rate is told in `step/s` or, where slow, in `s/step`.
    ///   - style: How it is shown.
    ///   - terminal: Where it is shown.
    ///   - clock: Time since any fixed moment; never runs backwards.
    public init(
        _ title: String, total: Int?, completed: Int = 0, unit: String = "step",
        style: Style = .automatic(), on terminal: Terminal = .error,
        clock: @escaping () -> Duration = monotonicClock()
    ) {
        self.style = style
        self.terminal = terminal
        self.clock = clock
        initial = completed
        start = clock()
        shownTime = start
        shownCount = completed
        line = ProgressLine(
            title: title.printable, completed: completed, total: total, unit: unit, elapsed: .zero,
            postfix: "")
        switch style {
        case .bar:
            interval = .milliseconds(100)
            nextDrawing = start + interval
            draw()
        case .lines(let every):
            interval = every
            nextDrawing = start + every
        case .silent:
            interval = .zero
            nextDrawing = start
        }
    }

    /// Counts units as done.
    ///
    /// - Parameters:
    ///   - count: How many more are done.
    ///   - postfix: A few words for the end of the line; evaluated only when the line is shown.
    public func advance(by count: Int = 1, postfix: @autoclosure () -> String = "") {
        line.completed += count
        if style == .silent || isFinished { return }
        let now = clock()
        if now < nextDrawing { return }
        measure(now)
        line.postfix = postfix()
        nextDrawing = now + interval
        draw()
    }

    /// Writes a message on a line of its own, above the bar.
    ///
    /// Silence is about progress: a message is written in every style, so a caller that was asked to be
    /// quiet leaves out what is not a warning.
    public func print(_ message: String) {
        let isInTheWay = style == .bar && !isFinished
        terminal.write((isInTheWay ? Self.eraseLine : "") + message.printable + "\n")
        if isInTheWay { draw() }
    }

    /// Shows the last state, with the mean rate over the whole time, and ends the line.
    ///
    /// - Parameter postfix: Replaces the words shown last.
    public func finish(postfix: String? = nil) {
        if isFinished { return }
        isFinished = true
        if style == .silent { return }
        let now = clock()
        line.elapsed = now - start
        line.rate = Self.rate(line.completed - initial, in: line.elapsed)
        if let postfix { line.postfix = postfix }
        draw()
        if style == .bar { terminal.write("\n") }
    }

    /// The rate leans on what was measured lately (weight 0.3), so that it follows a change of pace.
    private func measure(_ now: Duration) {
        line.elapsed = now - start
        if let latest = Self.rate(line.completed - shownCount, in: now - shownTime) {
            line.rate = line.rate.map { 0.7 * $0 + 0.3 * latest } ?? latest
        }
        shownTime = now
        shownCount = line.completed
    }

    private func draw() {
        if style == .bar {
            let text = line.drawn(columns: terminal.columns(), usesUnicode: terminal.usesUnicode)
            terminal.write(Self.eraseLine + text)
        } else {
            terminal.write(line.plain + "\n")
        }
    }

    private static func rate(_ count: Int, in duration: Duration) -> Double? {
        duration > .zero ? Double(count) / (duration / .seconds(1)) : nil
    }

    /// Back to the first column, and erase to the end of the line.
    private static let eraseLine = "\r\u{1B}[K"
}

/// A clock that counts from the moment of the call and never runs backwards.
///
/// - Returns: The time gone by since the call.
public func monotonicClock() -> () -> Duration {
    let start = ContinuousClock.now
    return { ContinuousClock.now - start }
}
