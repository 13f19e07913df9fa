import Foundation
import Testing

/// The built program, run in a process of its own.
struct Vae {
    /// How a run of the program ended.
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String

        /// The last line on standard error, where an error is told.
        var complaint: String {
            errors.split(separator: "\n").last.map(String.init) ?? ""
        }
    }

    /// A program that has been started.
    final class Running {
        private let process = Process()
        private let files: (output: URL, errors: URL)

        /// Starts a program in a plain environment: lines have 80 columns, no data is to be found, and what is kept for
        /// another time goes with the folder.
        fileprivate init(_ launch: [String], in folder: URL) throws {
            let name = UUID().uuidString
            // Files, as a pipe that nobody empties would stop the program.
            let place = FileManager.default.temporaryDirectory
            files = (place.appendingPathComponent("\(name).out"), place.appendingPathComponent("\(name).err"))
            for file in [files.output, files.errors] { try Data().write(to: file) }
            process.executableURL = URL(filePath: launch[0])
            process.arguments = Array(launch.dropFirst())
            process.currentDirectoryURL = folder
            process.environment = [
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder.path, "COLUMNS": "80",
                "LC_ALL": "C.UTF-8", "XDG_CACHE_HOME": folder.appendingPathComponent(".cache").path,
                "VAE": Vae.executable.path,
            ]
            process.standardOutput = try FileHandle(forWritingTo: files.output)
            process.standardError = try FileHandle(forWritingTo: files.errors)
            process.standardInput = FileHandle.nullDevice
            try withSignalsUnblocked { try process.run() }
        }

        var isRunning: Bool { process.isRunning }

        func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

        /// Waits for the end; a signal that killed the program counts as in a shell.
        func outcome() throws -> Outcome {
            process.waitUntilExit()
            let status = process.terminationStatus
            defer {
                for file in [files.output, files.errors] { try? FileManager.default.removeItem(at: file) }
            }
            return Outcome(
                status: process.terminationReason == .uncaughtSignal ? 128 + status : status,
                output: String(decoding: try Data(contentsOf: files.output), as: UTF8.self),
                errors: String(decoding: try Data(contentsOf: files.errors), as: UTF8.self))
        }
    }

    /// The program lies beside the tests.
    static let executable = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appendingPathComponent("vae")

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - line: Its arguments, parted by spaces.
    ///   - folder: Where it runs.
    /// - Returns: The program, running.
    /// - Throws: When it cannot be started.
    static func start(_ line: String, in folder: URL) throws -> Running {
        try Running([executable.path] + line.split(separator: " ").map(String.init), in: folder)
    }

    /// Runs the program to its end.
    static func run(_ line: String, in folder: URL = FileManager.default.temporaryDirectory) throws -> Outcome
    {
        try start(line, in: folder).outcome()
    }

    /// Runs shell commands, in which `$VAE` is the program, to their end.
    static func shell(_ script: String, in folder: URL) throws -> Outcome {
        try Running(["/bin/sh", "-c", script], in: folder).outcome()
    }
}

/// Expects a run to have failed with a status and one line that names the thing and the mend.
func expectComplaint(
    _ outcome: Vae.Outcome, status: Int32, saying parts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let lines = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("vae: error: ") }
    #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(lines.count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    for part in parts {
        #expect(
            lines.first?.contains(part) == true, "lacks “\(part)”: \(outcome.errors)",
            sourceLocation: sourceLocation)
    }
}

/// Runs `body` with SIGINT and SIGTERM unblocked, as in a shell: a child inherits what its parent blocks, and the
/// threads that run tests block everything.
private func withSignalsUnblocked(_ body: () throws -> Void) rethrows {
    var signals = sigset_t()
    var before = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
}
