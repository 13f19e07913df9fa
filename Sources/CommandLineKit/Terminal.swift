import Foundation

/// A stream that text is written to, and what the place it leads to can show.
public struct Terminal: Sendable {
    /// Whether a person watches, on a terminal that can move its cursor.
    public var isInteractive: Bool
    /// Whether colour is welcome: interactive, and `NO_COLOR` is not set.
    public var usesColor: Bool
    /// Whether the locale's encoding is UTF-8.
    public var usesUnicode: Bool
    /// The width in characters, asked anew each time, as windows are resized.
    public var columns: @Sendable () -> Int
    /// Writes text as it is.
    public var write: @Sendable (String) -> Void

    /// Describes a stream of the caller's own.
    ///
    /// - Parameters:
    ///   - isInteractive: Whether a person watches, on a terminal that can move its cursor.
    ///   - usesColor: Whether colour is welcome.
    ///   - usesUnicode: Whether UTF-8 is understood.
    ///   - columns: The width in characters.
    ///   - write: Takes the text.
    public init(
        isInteractive: Bool, usesColor: Bool, usesUnicode: Bool, columns: @escaping @Sendable () -> Int,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.isInteractive = isInteractive
        self.usesColor = usesColor
        self.usesUnicode = usesUnicode
        self.columns = columns
        self.write = write
    }

    /// Standard output, through the buffer that `print` uses too.
    public static let output = Terminal(
        descriptor: STDOUT_FILENO, environment: ProcessInfo.processInfo.environment
    ) { print($0, terminator: "") }

    /// Standard error, unbuffered.
    ///
    /// A failed write is ignored, as there is nowhere to report it.
    public static let error = Terminal(
        descriptor: STDERR_FILENO, environment: ProcessInfo.processInfo.environment
    ) { try? FileHandle.standardError.write(contentsOf: Data($0.utf8)) }

    package init(
        descriptor: Int32, environment: [String: String], write: @escaping @Sendable (String) -> Void
    ) {
        let isInteractive = isatty(descriptor) == 1 && environment["TERM"] != "dumb"
        self.init(
            isInteractive: isInteractive,
            usesColor: isInteractive && environment["NO_COLOR", default: ""].isEmpty,
            usesUnicode: Self.usesUnicode(environment),
            columns: { Self.columns(descriptor, environment) }, write: write)
    }

    /// `LC_ALL` rules over `LC_CTYPE`, and that over `LANG`; empty ones do not count (POSIX).
    package static func usesUnicode(_ environment: [String: String]) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        let name = locale?.lowercased() ?? ""
        return name.contains("utf-8") || name.contains("utf8")
    }

    package static func columns(_ descriptor: Int32, _ environment: [String: String]) -> Int {
        if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
        var size = winsize()
        let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return isKnown ? Int(size.ws_col) : 80
    }
}
