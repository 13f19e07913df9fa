import CommandLineKit

/// A measurement that nothing is known to stand in the way of.
typealias Measuring<Result> = () throws -> Result

/// Measurements that stand by themselves: one that fails costs its own result, and no other's.
struct Attempts {
    private var failures: [Failure] = []

    /// Makes a measurement.
    ///
    /// - Parameters:
    ///   - name: What to call it where it fails.
    ///   - measurement: How to make it; `nil` where it was not asked for.
    /// - Returns: What was measured; `nil` where it was not asked for, or failed.
    mutating func make<Result>(_ name: String, _ measurement: Measuring<Result>?) -> Result? {
        do {
            return try measurement?()
        } catch {
            let found = error as? Failure ?? failure(describing: error) ?? Failure("\(error)")
            failures.append(Failure("\(name): \(found.message)", exitCode: found.exitCode))
            return nil
        }
    }

    /// Throws what has failed, in one line.
    func finish() throws {
        guard let first = failures.first else { return }
        throw Failure(failures.map(\.message).joined(separator: "; "), exitCode: first.exitCode)
    }
}
