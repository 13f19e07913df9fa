import CommandLineKit
import Foundation
import Synchronization
import Testing

@Suite struct MainTests {
    private enum Problem: Error { case noFile, other }

    private func execute(
        _ line: String, usesColor: Bool = false,
        train: @escaping @Sendable (Arguments) throws -> Void = { _ in }
    ) -> (code: ExitCode, output: String, errors: String) {
        let output = Capture()
        let errors = Capture()
        let code = Sample.program(train: train).execute(
            line.split(separator: " ").map(String.init), version: "1.2.3", output: output.terminal(),
            errors: errors.terminal(usesColor: usesColor),
            describingErrors: {
                $0 as? Problem == .noFile ? Failure("a.idx: no such file", exitCode: .noInput) : nil
            })
        return (code, output.text, errors.text)
    }

    @Test func aGoodCommandLineRunsItsCommand() {
        let epochs = Mutex(0)
        let (code, output, errors) = execute("train --data mnist --epochs 4") { arguments in
            epochs.withLock { $0 = arguments[Sample.epochs] }
        }
        #expect(epochs.withLock { $0 } == 4)
        #expect(code == .success)
        #expect(output.isEmpty && errors.isEmpty)
    }

    @Test(arguments: ["--version", "train --version"])
    func theVersionGoesToStandardOutput(line: String) {
        let (code, output, errors) = execute(line)
        #expect(code == .success)
        #expect(output == "vae 1.2.3\n")
        #expect(errors.isEmpty)
    }

    @Test func helpGoesToStandardOutput() {
        let (code, output, errors) = execute("sample --help")
        #expect(code == .success)
        #expect(output.hasPrefix("usage: vae sample [options] <run>\n"))
        #expect(errors.isEmpty)
    }

    @Test func aWrongCommandLineShowsTheUsageAndExits64() {
        let (code, output, errors) = execute("train --epoch 3")
        #expect(code.rawValue == 64)
        #expect(output.isEmpty)
        #expect(
            errors == """
                vae: error: unknown option '--epoch'; did you mean '--epochs'?
                usage: vae train [options] --data <set> [<run>]
                See 'vae train --help'.

                """)
    }

    @Test func aCommandMayFindItsOptionsAtOdds() {
        let (code, _, errors) = execute("train --data mnist") { _ in throw UsageError("--a needs --b") }
        #expect(code == .usage)
        #expect(errors.hasPrefix("vae: error: --a needs --b\nusage: vae train "))
    }

    @Test func anErrorOfAnotherTargetIsDescribedByTheProgram() {
        let (code, output, errors) = execute("train --data mnist") { _ in throw Problem.noFile }
        #expect(code == .noInput)
        #expect(output.isEmpty)
        #expect(errors == "vae: error: a.idx: no such file\n")
    }

    @Test func anUnknownErrorExits1() {
        let (code, _, errors) = execute("train --data mnist") { _ in throw Problem.other }
        #expect(code == .failure)
        #expect(errors == "vae: error: other\n")
    }

    @Test func aFoundationErrorIsToldInItsShortForm() {
        let (code, _, errors) = execute("train --data mnist") { _ in
            _ = try Data(contentsOf: URL(filePath: "/nonexistent/a.idx"))
        }
        #expect(code == .failure)
        #expect(errors.hasPrefix("vae: error: /nonexistent/a.idx: "))
        #expect(!errors.contains("NSFilePath") && !errors.contains("NSUnderlyingError"))
    }

    @Test func anExitCodeEndsTheProgramInSilence() {
        let (code, output, errors) = execute("train --data mnist") { _ in throw ExitCode.signal(SIGINT) }
        #expect(code.rawValue == 130)
        #expect(output.isEmpty && errors.isEmpty)
    }

    @Test func anErrorIsOneLineWhateverItsTextHolds() {
        let (_, _, errors) = execute("train --data mnist") { _ in throw Failure("a\nb\u{1B}[2Jé: broken") }
        #expect(errors == "vae: error: a\\nb\\u{1B}[2Jé: broken\n")
    }

    @Test func colourMarksOnlyTheWordError() {
        let (_, _, errors) = execute("train --data mnist", usesColor: true) { _ in throw Failure("broken") }
        #expect(errors == "vae: \u{1B}[31merror:\u{1B}[0m broken\n")
    }

    @Test func theProcessEndsWithTheStatus() async {
        let result = await #expect(processExitsWith: .exitCode(64), observing: [\.standardErrorContent]) {
            Sample.program().main(version: "1", words: ["trian"], describingErrors: { _ in nil })
        }
        let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(errors.contains("vae: error: unknown command 'trian'; did you mean 'train'?\n"))
    }

    @Test func aReaderThatGoesAwayEndsTheProcessBySIGPIPEInSilence() async {
        let result = await #expect(processExitsWith: .signal(SIGPIPE), observing: [\.standardErrorContent]) {
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            dup2(ends[1], STDOUT_FILENO)
            close(ends[0])
            signal(SIGPIPE, SIG_IGN)
            unblock(SIGPIPE)
            Sample.program().main(version: "1", words: ["--help"], describingErrors: { _ in nil })
        }
        let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(!errors.contains("error:"))
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func aFullDiskUnderStandardOutputIsNoticed() throws {
        let stream = try #require(fopen("/dev/full", "w"))
        defer { fclose(stream) }
        #expect(Command.flushProblem(stream) == nil)
        fputs("text", stream)
        #expect(Command.flushProblem(stream) == "No space left on device")
    }
}
