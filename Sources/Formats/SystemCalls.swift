import Foundation

/// Makes a system call, again for as long as signals interrupt it.
///
/// - Parameter call: Says by a negative number that it failed, and why in `errno`.
/// - Returns: What the call returned at last.
package func uninterrupted(_ call: () -> Int32) -> Int32 {
    while true {
        let result = call()
        guard result < 0, errno == EINTR else { return result }
    }
}
