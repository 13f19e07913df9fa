@preconcurrency import Foundation

extension Command {
    /// Runs the program and ends the process.
    ///
    /// Help and version go to standard output, status 0. An error is one line on standard error; a wrong
    /// command line adds the usage line, status 64. When the reader of our output goes away the process ends
    /// by SIGPIPE, without a word; when output cannot be written otherwise the status is 74.
    ///
    /// - Parameters:
    ///   - version: What `--version` prints after the program's name.
    ///   - words: The command line without the program's name.
    ///   - describe: What the user is told about an error of another target, or `nil` if it is not known.
    public func main(
        version: String, words: [String] = Array(CommandLine.arguments.dropFirst()),
        describingErrors describe: (any Error) -> Failure?
    ) -> Never {
        // A parent may have us ignore it; writing on and on into a closed pipe is not what anyone wants.
        signal(SIGPIPE, SIG_DFL)
        var status = execute(
            words, version: version, output: .output, errors: .error, describingErrors: describe)
        if let problem = Self.flushProblem(stdout) {
            Self.report(Failure("cannot write standard output: \(problem)"), by: name, to: .error)
            if status == .success { status = .ioError }
        }
        exit(status.rawValue)
    }

    /// Runs the program and returns the status to end with.
    package func execute(
        _ words: [String], version: String, output: Terminal, errors: Terminal,
        describingErrors describe: (any Error) -> Failure?
    ) -> ExitCode {
        var parser = CommandLineParser(self)
        do {
            switch try parser.parse(words) {
            case .help:
                output.write(
                    Help(of: parser.path, columns: output.columns(), detail: parser.detail).text)
            case .version: output.write("\(name) \(version)\n")
            case .run(let body, let arguments): try body(arguments)
            }
            return .success
        } catch let code as ExitCode {
            return code
        } catch let error as UsageError {
            let help = Help(of: parser.path, columns: errors.columns())
            Self.report(Failure(error.message), by: name, to: errors)
            let command = parser.path.map(\.name).joined(separator: " ")
            errors.write("\(help.usage)\nSee '\(command) --help'.\n")
            return .usage
        } catch {
            let failure = (error as? Failure) ?? describe(error) ?? Failure(Self.text(of: error))
            Self.report(failure, by: name, to: errors)
            return failure.exitCode
        }
    }

    /// The best text that an error has for itself.
    private static func text(of error: any Error) -> String {
        switch error {
        case let error as any LocalizedError: error.errorDescription ?? "\(error)"
        // Foundation's errors describe themselves at length; the short text leaves out the file.
        case let error as CocoaError:
            [error.filePath, error.localizedDescription].compactMap { $0 }.joined(separator: ": ")
        case is POSIXError: error.localizedDescription
        default: "\(error)"
        }
    }

    private static func report(_ failure: Failure, by program: String, to terminal: Terminal) {
        // What is still buffered comes before the error when both streams lead to one place.
        fflush(stdout)
        let word = terminal.usesColor ? "\u{1B}[31merror:\u{1B}[0m" : "error:"
        terminal.write("\(program): \(word) \(failure.message.printable)\n")
    }

    /// What went wrong when a stream's text was written, now or earlier; `nil` if nothing.
    package static func flushProblem(_ stream: UnsafeMutablePointer<FILE>) -> String? {
        errno = 0
        if fflush(stream) == 0, ferror(stream) == 0 { return nil }
        return errno == 0 ? "an earlier write failed" : String(cString: strerror(errno))
    }
}
