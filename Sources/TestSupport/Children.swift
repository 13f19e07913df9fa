import Testing

extension ExitTest.Result {
    /// What the child process wrote to standard error, when the exit test observed it.
    public var standardErrorText: String { String(decoding: standardErrorContent, as: UTF8.self) }

    /// What the child process wrote to standard output, when the exit test observed it.
    public var standardOutputText: String { String(decoding: standardOutputContent, as: UTF8.self) }
}

/// Expects a child process to have said each of `parts` on standard error.
///
/// For a trap, whose text should name the operation, the shapes and the caller's place:
///
///     let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { … }
///     expectStandardError(of: result, says: ["matmul", "[2, 3]", #fileID])
public func expectStandardError(
    of result: ExitTest.Result?, says parts: [String], sourceLocation: SourceLocation = #_sourceLocation
) {
    guard let text = result?.standardErrorText else { return }
    for part in parts where !text.contains(part) {
        report("standard error lacks “\(part)”:\n\(text)", nil, sourceLocation)
    }
}
