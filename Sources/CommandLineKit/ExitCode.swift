/// A process's exit status, named as in `sysexits.h`.
///
/// Thrown from a command it ends the program with that status and no message of its own.
public struct ExitCode: RawRepresentable, Hashable, Sendable, Error {
    /// The number that the parent process sees, 0 to 255.
    public let rawValue: Int32

    /// Makes a status from its number.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// All went well.
    public static let success = ExitCode(rawValue: 0)
    /// It failed, and no more exact code fits.
    public static let failure = ExitCode(rawValue: 1)
    /// The command line was wrong: an unknown option, a value out of range.
    public static let usage = ExitCode(rawValue: 64)
    /// The input's content was wrong.
    public static let dataError = ExitCode(rawValue: 65)
    /// An input did not exist or could not be read.
    public static let noInput = ExitCode(rawValue: 66)
    /// Something the program leans on (a download, a device) was not to be had.
    public static let unavailable = ExitCode(rawValue: 69)
    /// An error in the program itself.
    public static let software = ExitCode(rawValue: 70)
    /// The machine lacks something: memory, processors.
    public static let osError = ExitCode(rawValue: 71)
    /// An output could not be created.
    public static let cantCreate = ExitCode(rawValue: 73)
    /// Reading or writing failed on the way.
    public static let ioError = ExitCode(rawValue: 74)
    /// Try again later: another process is at work.
    public static let temporaryFailure = ExitCode(rawValue: 75)
    /// A configuration was wrong.
    public static let config = ExitCode(rawValue: 78)

    /// What shells report for a process that a signal ended: 128 plus its number.
    ///
    /// - Parameter number: The signal, e.g. `SIGINT` (giving 130) or `SIGTERM` (143).
    /// - Returns: The status.
    public static func signal(_ number: Int32) -> ExitCode {
        ExitCode(rawValue: 128 + number)
    }
}
