import CTorch
import Foundation
import Runtime

/// Wraps what an operation made, or traps with LibTorch's reason, the operands' shapes and the caller's line.
func made(_ handle: CTTensor?, _ operands: Tensor?..., operation: String = #function) -> Tensor {
    guard let handle else { trap(operation, String(cString: ct_last_error()), operands.compactMap { $0 }) }
    return Tensor(owning: handle)
}

/// Checks an operation that acts in place.
func performed(_ succeeded: Bool, _ operands: Tensor..., operation: String = #function) {
    if !succeeded { trap(operation, String(cString: ct_last_error()), operands) }
}

/// Ends the program over a programmer's mistake: operation, reason, operands, and who called.
///
/// The call site is read off the stack, so that operators, which cannot take a `#line`, name theirs too.
func trap(_ operation: String, _ reason: String, _ operands: [Tensor]) -> Never {
    if ct_ran_out_of_memory() { endOutOfMemory(reason) }
    let shapes = operands.map { "\($0.dtype)\($0.shape)" }.joined(separator: ", ")
    let site = callSite().map { "\n  called at \($0)" } ?? ""
    fatalError("\(operation): \(reason)" + (shapes.isEmpty ? "" : "\n  operands: \(shapes)") + site)
}

/// Ends the program where memory is at an end, which no program of ours can mend: one line, and the status that
/// `sysexits.h` has for it.
private func endOutOfMemory(_ reason: String) -> Never {
    fflush(nil)
    let text =
        "\(ProcessInfo.processInfo.processName): error: \(reason); make the model, the batches or the data smaller\n"
    FileHandle.standardError.write(Data(text.utf8))
    _exit(EX_OSERR)
}

/// The innermost line of the stack outside this target.
private func callSite() -> String? {
    guard let frames = try? Backtrace.capture().symbolicated()?.frames else { return nil }
    for case let location? in frames.map({ $0.symbol?.sourceLocation })
    where location.line > 0 && !location.path.hasSuffix(">") && !isOurs(location.path) {
        return "\(location.path):\(location.line)"
    }
    return nil
}

/// Whether a file belongs to this target.
///
/// Code that the optimiser has inlined gives its path relative to the package.
private func isOurs(_ path: String) -> Bool {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    let other = (path as NSString).deletingLastPathComponent
    return other == folder || (!other.isEmpty && folder.hasSuffix("/" + other))
}
