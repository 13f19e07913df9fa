/// What the user is told about an error, and the status that the program ends with.
///
/// The error types of other targets know nothing of exit codes; the executable maps them to this.
public struct Failure: Error, Equatable, Sendable {
    /// One line: what, where, what was expected, what was found, what to do.
    public var message: String
    /// The status to end with.
    public var exitCode: ExitCode

    /// Says what is told and how the program ends.
    public init(_ message: String, exitCode: ExitCode = .failure) {
        self.message = message
        self.exitCode = exitCode
    }
}

/// A command line that does not make sense; reported with the command's usage line and exit code 64.
///
/// The parser throws it. A command throws it too, for options that do not go together.
public struct UsageError: Error, Equatable, Sendable {
    /// One line that names the option and the value.
    public var message: String

    /// Says what is wrong with the command line.
    public init(_ message: String) {
        self.message = message
    }
}
