import CommandLineKit
import Foundation
import Testing

@Suite struct InterruptionTests {
    @Test func theFirstSignalIsNoted() async {
        await #expect(processExitsWith: .exitCode(130)) {
            Interruption.watch()
            precondition(Interruption.signal == nil)
            unblock(SIGINT)
            raise(SIGINT)
            precondition(Interruption.signal == SIGINT)
            exit(ExitCode.signal(SIGINT).rawValue)
        }
        await #expect(processExitsWith: .exitCode(143)) {
            Interruption.watch()
            unblock(SIGTERM)
            raise(SIGTERM)
            exit(ExitCode.signal(Interruption.signal ?? 0).rawValue)
        }
    }

    @Test func aTerminalThatGoesAwayStopsTheProgramUnlessItIsNotToHear() async {
        await #expect(processExitsWith: .exitCode(129)) {
            signal(SIGHUP, SIG_DFL)
            Interruption.watch()
            unblock(SIGHUP)
            raise(SIGHUP)
            exit(ExitCode.signal(Interruption.signal ?? 0).rawValue)
        }
        await #expect(processExitsWith: .exitCode(7)) {
            signal(SIGHUP, SIG_IGN)
            Interruption.watch()
            unblock(SIGHUP)
            raise(SIGHUP)
            exit(Interruption.signal == nil ? 7 : 1)
        }
    }

    @Test func theSecondSignalKills() async {
        await #expect(processExitsWith: .signal(SIGINT)) {
            Interruption.watch()
            unblock(SIGINT)
            raise(SIGINT)
            raise(SIGINT)
        }
        await #expect(processExitsWith: .signal(SIGINT)) {
            Interruption.watch()
            unblock(SIGTERM)
            unblock(SIGINT)
            raise(SIGTERM)
            raise(SIGINT)
        }
    }

    @Test func watchingAgainForgetsTheLastSignal() async {
        await #expect(processExitsWith: .exitCode(0)) {
            Interruption.watch()
            unblock(SIGINT)
            raise(SIGINT)
            Interruption.watch()
            precondition(Interruption.signal == nil)
            raise(SIGINT)
            precondition(Interruption.signal == SIGINT)
            exit(0)
        }
    }

    @Test func aParentThatIgnoresTheSignalDoesNotMatter() async {
        await #expect(processExitsWith: .exitCode(130)) {
            signal(SIGINT, SIG_IGN)
            Interruption.watch()
            unblock(SIGINT)
            raise(SIGINT)
            exit(ExitCode.signal(Interruption.signal ?? 0).rawValue)
        }
    }
}

/// Lets a signal reach this thread, which may be one of a pool that blocks signals.
func unblock(_ number: Int32) {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
}
