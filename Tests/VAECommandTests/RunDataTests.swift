import Foundation
import TestSupport
import Testing

/// What a run does when its data, its folder or its settings have changed.
@Suite struct RunDataTests {
    private static let training =
        "train --data rows.csv --latents 2 --hidden 8 --batch-size 8 --epochs 2 --threads 1 -q -o run"

    private func withRun(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try write(Trained.rows, folder)
            let outcome = try Vae.run(Self.training, in: folder)
            try #require(outcome.status == 0, "\(outcome.errors)")
            try body(folder)
        }
    }

    private func write(_ rows: String, _ folder: URL) throws {
        try Data(rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
    }

    private func evaluation(_ folder: URL) throws -> String {
        let outcome = try Vae.run("evaluate run -k 0 --no-report --threads 1 -q", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return outcome.output
    }

    @Test func aRowMoreChangesNoSplit() throws {
        try withRun { folder in
            let before = try evaluation(folder)
            let lines = Trained.rows.split(separator: "\n").map(String.init)
            try write((lines + [lines[1]]).joined(separator: "\n") + "\n", folder)
            #expect(try evaluation(folder) == before)
            let told = try Vae.run("evaluate run -k 0 --no-report --threads 1", in: folder)
            #expect(told.errors.contains("1 example was added since the run began; left out"))
            let resumed = try Vae.run("train --resume run --epochs 3 --threads 1 -q", in: folder)
            #expect(resumed.status == 0, "\(resumed.errors)")
        }
    }

    @Test func aRowLessIsRefused() throws {
        try withRun { folder in
            try write(Trained.rows.split(separator: "\n").prefix(150).joined(separator: "\n") + "\n", folder)
            for line in ["train --resume run --epochs 3", "evaluate run"] {
                let outcome = try Vae.run(line + " --threads 1", in: folder)
                #expect(
                    outcome.status == 65 && outcome.complaint.contains("are gone or have changed"),
                    "\(outcome.errors)")
            }
        }
    }

    @Test func anEditedSettingIsRefusedAndEpochsMayGrow() throws {
        try withRun { folder in
            let file = folder.appendingPathComponent("run/config.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data(text.replacing("\"batchSize\" : 8", with: "\"batchSize\" : 4").utf8).write(to: file)
            let refused = try Vae.run("train --resume run --epochs 3 --threads 1", in: folder)
            #expect(
                refused.status == 78 && refused.complaint.contains("training.batchSize was 8"),
                "\(refused.errors)")
            try Data(text.utf8).write(to: file)
            let fewer = try Vae.run("train --resume run --epochs 1 --threads 1", in: folder)
            #expect(fewer.status == 65 && fewer.complaint.contains("all 2 epochs are done"))
            #expect(try String(contentsOf: file, encoding: .utf8) == text)
        }
    }

    @Test func aRunIsFoundFromAnotherFolderAndItsDataMayMove() throws {
        try withRun { folder in
            let other = folder.appendingPathComponent("elsewhere")
            try FileManager.default.createDirectory(at: other, withIntermediateDirectories: false)
            let outcome = try Vae.run("train --resume ../run --epochs 3 --threads 1 -q", in: other)
            #expect(outcome.status == 0, "\(outcome.errors)")
            try FileManager.default.moveItem(
                at: folder.appendingPathComponent("rows.csv"), to: other.appendingPathComponent("moved.csv"))
            let moved = try Vae.run(
                "train --resume ../run --epochs 4 --data moved.csv --threads 1 -q", in: other)
            #expect(moved.status == 0, "\(moved.errors)")
        }
    }

    @Test func aReportThatIsMissingIsMadeWhenTheRunIsResumed() throws {
        try withRun { folder in
            let report = folder.appendingPathComponent("run/report.html")
            try FileManager.default.removeItem(at: report)
            let outcome = try Vae.run("train --resume run --threads 1 -q", in: folder)
            #expect(
                outcome.status == 0 && FileManager.default.fileExists(atPath: report.path),
                "\(outcome.errors)")
            #expect(try Vae.run("train --resume run --threads 1 -q", in: folder).status == 65)
        }
    }

    @Test func aReportOfAnEarlierCheckpointIsMadeAnew() throws {
        try withRun { folder in
            let report = folder.appendingPathComponent("run/report.html")
            let page = try Data(contentsOf: report)
            try Data("old".utf8).write(to: report)
            let outcome = try Vae.run("train --resume run --threads 1 -q", in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try Data(contentsOf: report) == page)
        }
    }

    @Test func measurementsThatCannotBeReadAreNotTakenForNone() throws {
        try withRun { folder in
            let file = folder.appendingPathComponent("run/evaluation.json")
            try FileManager.default.removeItem(at: file)
            try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
            let report = try Data(contentsOf: folder.appendingPathComponent("run/report.html"))
            let outcome = try Vae.run("evaluate run -k 0 --threads 1 -q", in: folder)
            #expect(outcome.status == 66, "\(outcome.errors)")
            #expect(outcome.complaint.contains("evaluation.json"), "\(outcome.errors)")
            #expect(try Data(contentsOf: folder.appendingPathComponent("run/report.html")) == report)
        }
    }

    @Test func filesThatARunsLinksNameStayAsTheyAre() throws {
        try withRun { folder in
            let kept = folder.appendingPathComponent("kept")
            try Data("kept".utf8).write(to: kept)
            for name in ["report.html", "evaluation.json"] {
                let link = folder.appendingPathComponent("run/" + name)
                try? FileManager.default.removeItem(at: link)
                try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: kept.path)
            }
            let outcome = try Vae.run("evaluate run -k 0 --threads 1 -q", in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try String(contentsOf: kept, encoding: .utf8) == "kept")
        }
    }
}
