import CommandLineKit
import Foundation
import Testing

@Suite(.serialized) struct InterruptionTests {
    @Test(arguments: [SIGINT, SIGTERM])
    func theFirstSignalIsNotedAndTheSecondWouldKill(number: Int32) {
        Interruption.watch()
        #expect(Interruption.signal == nil)
        raiseUnblocked(number)
        #expect(Interruption.signal == number)
        for other in [SIGINT, SIGTERM] {
            #expect(hasDefaultHandler(other))
        }
    }

    @Test func watchingAgainForgetsTheLastSignal() {
        Interruption.watch()
        raiseUnblocked(SIGINT)
        Interruption.watch()
        #expect(Interruption.signal == nil)
        #expect(!hasDefaultHandler(SIGINT))
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }

    /// Raises a signal in this thread, which may be one of a pool that blocks signals.
    private func raiseUnblocked(_ number: Int32) {
        var signals = sigset_t()
        var blocked = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        pthread_sigmask(SIG_UNBLOCK, &signals, &blocked)
        raise(number)
        pthread_sigmask(SIG_SETMASK, &blocked, nil)
    }

    private func hasDefaultHandler(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        #if canImport(Darwin)
            let handler = action.__sigaction_u.__sa_handler
        #else
            let handler = action.__sigaction_handler.sa_handler
        #endif
        return handler == nil
    }
}
