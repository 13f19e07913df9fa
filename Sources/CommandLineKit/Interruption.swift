import Foundation
import Synchronization

/// A polite way to stop: the first SIGINT, SIGTERM or SIGHUP is noted, for a loop to see; the second one kills.
///
///     Interruption.watch()
///     for step in steps {
///         train(step)
///         if let signal = Interruption.signal { save(); throw ExitCode.signal(signal) }
///     }
public enum Interruption {
    /// Begins to watch for SIGINT and SIGTERM, also where the parent process ignores or blocks them, and for SIGHUP, unless
    /// the parent ignores it as nohup does.
    ///
    /// Calls that a signal breaks off are taken up again, so reading and writing go on undisturbed.
    public static func watch() {
        // Also sees to it that the flag exists before a handler touches it.
        received.store(0, ordering: .relaxed)
        var action = sigaction()
        action.setHandler { number in
            // Nothing here locks or allocates: an atomic store and signal(2) are all a handler may do.
            received.store(number, ordering: .relaxed)
            Foundation.signal(SIGINT, SIG_DFL)
            Foundation.signal(SIGTERM, SIG_DFL)
            if number == SIGHUP { Foundation.signal(SIGHUP, SIG_DFL) }
        }
        action.sa_flags = Int32(SA_RESTART)
        sigaction(SIGINT, &action, nil)
        sigaction(SIGTERM, &action, nil)
        var hangUp = sigaction()
        sigaction(SIGHUP, nil, &hangUp)
        if !hangUp.isIgnored { sigaction(SIGHUP, &action, nil) }
        // A parent may have blocked them.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// The signal that asks the program to stop, or `nil`.
    ///
    /// Cheap enough to read in every step.
    public static var signal: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}

private let received = Atomic<Int32>(0)

extension sigaction {
    fileprivate var isIgnored: Bool {
        #if canImport(Darwin)
            let handler = __sigaction_u.__sa_handler
        #else
            let handler = __sigaction_handler.sa_handler
        #endif
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    fileprivate mutating func setHandler(_ handler: @escaping @convention(c) (Int32) -> Void) {
        #if canImport(Darwin)
            __sigaction_u.__sa_handler = handler
        #else
            __sigaction_handler.sa_handler = handler
        #endif
    }
}
