/// Ends the program over a programmer's mistake unless `condition` holds.
///
/// Unlike `precondition`, it says why in release builds too.
func require(
    _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
    if !condition { fatalError(message(), file: file, line: line) }
}
