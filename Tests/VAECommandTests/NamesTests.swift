import CommandLineKit
import Foundation
import TestSupport
import Testing

/// Names that a terminal would obey are shown escaped, wherever they come from.
@Suite struct NamesTests {
    /// An escape sequence, an override of direction, and a line end with what looks like a line of ours.
    private static let hostile = "a\u{1B}[31m\u{202E}b\nvae:"
    private static let shown = "a\\u{1B}[31m\\u{202E}b\\nvae:"

    /// Runs a command and expects that it shows nothing that a terminal obeys, and no line that is not ours.
    @discardableResult
    private func vae(_ words: String..., status: Int32 = 0, in folder: URL) throws -> Vae.Outcome {
        let outcome = try Vae.run(words.joined(separator: " "), in: folder)
        #expect(outcome.status == status, "\(words): \(outcome.errors)")
        let text = outcome.output + outcome.errors
        #expect(
            text.unicodeScalars.allSatisfy { $0.isPrintable || $0 == "\n" },
            "\(words): \(text.debugDescription)")
        #expect(
            !text.split(separator: "\n").contains { $0.hasPrefix("vae:") && !$0.hasPrefix("vae: error: ") })
        return outcome
    }

    /// A table whose columns have such names too, the text ones among them, which a note names.
    private static func table() -> Data {
        let lines = (0..<200).map { row in
            "\(Double(row % 20) / 10),\(Double(row / 20) / 5),t\(row % 3),u\(row % 2)"
        }
        return Data((["x\u{1B}[2J,y\u{202E},t\u{1B}[2J,u\u{202E}"] + lines).joined(separator: "\n").utf8)
    }

    @Test func everyCommandShowsThemEscaped() throws {
        try withTemporaryFolder { folder in
            let (data, run) = ("\(Self.hostile).csv", "run-\(Self.hostile)")
            try Self.table().write(to: folder.appendingPathComponent(data))
            let training = try vae(
                "train --hidden 4 --latents 2 --epochs 1 --threads 1 --data", data, "--out", run, in: folder)
            #expect(
                training.errors.contains(
                    "note: \(Self.shown).csv: text columns left out: \"t\\u{1B}[2J\", \"u\\u{202E}\""))
            #expect(training.output.contains("report: run-\(Self.shown)/report.html\n"))
            for command in ["inspect", "sample", "encode", "reconstruct", "evaluate", "evaluate --surgery"] {
                let outcome = try vae(command, run, in: folder)
                #expect(outcome.output.contains("run-\(Self.shown)"), "\(command): \(outcome.output)")
            }
            try vae("inspect", "\(run)/checkpoints/latest.safetensors", in: folder)
            let other = try vae("evaluate", run, "--data", data, in: folder)
            #expect(other.output.contains("\n\(Self.shown).csv: 200 examples, real values\n"))
            try vae("decode", run, "\(run)/codes.npy", in: folder)
            try vae("compare", run, run, in: folder)
            try vae("score", run, data, "--roc --refinement-steps 0", in: folder)
            try vae("gradients", run, "-n 5 --repeats 4 --reference 4", in: folder)
            try vae("train --resume", run, status: 65, in: folder)
            try vae("sample", "no-\(Self.hostile)", status: 66, in: folder)
            try vae("evaluate", run, "--data", "no-\(Self.hostile)", status: 66, in: folder)
            try vae("fit kmeans -k 2 --data-dir .", data, in: folder)
            let fitted = try vae("evaluate", "\(Self.hostile)-kmeans.json", in: folder)
            #expect(fitted.output.contains("\n\(Self.shown).csv: 200 rows\n"), "\(fitted.output)")
        }
    }

    @Test func inJSONTheyAreSpelledAsJSONHasThem() throws {
        try withTemporaryFolder { folder in
            let (data, run) = ("\(Self.hostile).csv", "run-\(Self.hostile)")
            try Self.table().write(to: folder.appendingPathComponent(data))
            let training = try vae(
                "train --hidden 4 --latents 2 --epochs 1 --threads 1 --quiet --json --data", data, "--out",
                run,
                in: folder)
            let found = try #require(
                JSONSerialization.jsonObject(with: Data(training.output.utf8)) as? [String: Any])
            #expect(found["run"] as? String == run)
            let inspected = try vae("inspect --json", run, in: folder)
            let contents = try #require(
                JSONSerialization.jsonObject(with: Data(inspected.output.utf8)) as? [String: Any])
            #expect(contents["run"] as? String == run)
        }
    }

    /// A shell takes the command back to the same file.
    @Test func theCommandThatRepeatsARunNamesItsFile() throws {
        try withTemporaryFolder { folder in
            for name in [Self.hostile, "it's a run", "plain"] {
                let path = folder.appendingPathComponent(name)
                try FileManager.default.copyItem(at: Trained.table.get().run, to: path)
            }
            for name in [Self.hostile, "plain"] {
                let text = try vae("inspect", name, in: folder).output
                let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("repeat it: ") })
                let file = line.dropFirst("repeat it: vae train --config ".count)
                let process = Process()
                process.executableURL = URL(filePath: "/bin/bash")
                process.arguments = ["-c", "test -f \(file)"]
                process.currentDirectoryURL = folder
                try process.run()
                process.waitUntilExit()
                #expect(process.terminationStatus == 0, "\(line)")
            }
        }
    }
}
