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

        fileprivate init(_ launch: [String], in folder: URL, environment: [String: String]) throws {
            let name = UUID().uuidString
            // Files, as a pipe that nobody empties would stop the program.
            let place = FileManager.default.temporaryDirectory
            files = (place.appendingPathComponent("\(name).out"), place.appendingPathComponent("\(name).err"))
            for file in [files.output, files.errors] { try Data().write(to: file) }
            process.executableURL = URL(filePath: launch[0])
            process.arguments = Array(launch.dropFirst())
            process.currentDirectoryURL = folder
            process.environment = environment
            process.standardOutput = try FileHandle(forWritingTo: files.output)
            process.standardError = try FileHandle(forWritingTo: files.errors)
            process.standardInput = FileHandle.nullDevice
            try process.run()
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
    ///   - environment: Added to a plain one, in which lines have 80 columns and no data is to be found.
    ///   - shell: Shell commands that come first, such as limits.
    /// - Returns: The program, running.
    /// - Throws: When it cannot be started.
    static func start(
        _ line: String, in folder: URL, environment: [String: String] = [:], after shell: String? = nil
    ) throws -> Running {
        let words = [executable.path] + line.split(separator: " ").map(String.init)
        let plain = [
            "PATH": "/usr/bin:/bin", "HOME": folder.path, "COLUMNS": "80", "LC_ALL": "C.UTF-8",
        ]
        let launch = shell.map { ["/bin/sh", "-c", $0 + "; exec \"$@\"", "sh"] + words } ?? words
        return try Running(launch, in: folder, environment: plain.merging(environment) { $1 })
    }

    /// Runs the program to its end.
    static func run(
        _ line: String, in folder: URL = FileManager.default.temporaryDirectory,
        environment: [String: String] = [:], after shell: String? = nil
    ) throws -> Outcome {
        try start(line, in: folder, environment: environment, after: shell).outcome()
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
