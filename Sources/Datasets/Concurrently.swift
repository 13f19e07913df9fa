import Dispatch
import Synchronization

/// Calls `body` for 0 to before `count`, several at a time.
///
/// - Throws: The error of the lowest number that failed, whatever the threads did first.
func concurrently(_ count: Int, _ body: @Sendable (Int) throws -> Void) throws {
    let failure = Mutex<(place: Int, error: any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: count) { place in
        // Later ones need no longer be tried; earlier ones could still fail.
        guard failure.withLock({ $0.map { place < $0.place } ?? true }) else { return }
        do {
            try body(place)
        } catch {
            failure.withLock { if $0.map({ place < $0.place }) ?? true { $0 = (place, error) } }
        }
    }
    if let error = failure.withLock({ $0?.error }) { throw error }
}
