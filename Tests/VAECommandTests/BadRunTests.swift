import Foundation
import TestSupport
import Testing

/// Run folders, checkpoints and outputs that are not what they should be.
@Suite struct BadRunTests {
    /// Copies a trained run to `run` in a new folder, lets `break` damage it, and runs a command there.
    private func outcome(
        of line: String, on trained: Result<(run: URL, outcome: Vae.Outcome), any Error> = Trained.table,
        after break: (URL) throws -> Void = { _ in }
    ) throws -> Vae.Outcome {
        try withTemporaryFolder { folder in
            let run = folder.appendingPathComponent("run")
            try FileManager.default.copyItem(at: trained.get().run, to: run)
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            try Data("a,b\n1,2\n3,5\n".utf8).write(to: folder.appendingPathComponent("pairs.csv"))
            try `break`(run)
            return try Vae.run(line, in: folder)
        }
    }

    private func edit(_ run: URL, _ old: String, _ new: String) throws {
        let url = run.appendingPathComponent("config.json")
        let text = try String(contentsOf: url, encoding: .utf8)
        try #require(text.contains(old))
        try Data(text.replacing(old, with: new).utf8).write(to: url)
    }

    private func best(_ run: URL) -> URL {
        run.appendingPathComponent("checkpoints/best.safetensors").resolvingSymlinksInPath()
    }

    @Test func aRunThatExistsIsNotOverwritten() throws {
        var before: Data?
        var after: Data?
        let outcome = try withTemporaryFolder { folder in
            let run = folder.appendingPathComponent("run")
            try FileManager.default.copyItem(at: Trained.table.get().run, to: run)
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            before = try Data(contentsOf: best(run))
            defer { after = try? Data(contentsOf: best(run)) }
            return try Vae.run("train --data rows.csv --epochs 1 --batch-size 16 --out run", in: folder)
        }
        expectComplaint(outcome, status: 73, saying: ["run: a run is already there", "--out", "--resume"])
        #expect(before != nil && before == after)
    }

    @Test func aFolderThatCannotBeMadeIsTold() throws {
        let outcome = try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            return try Vae.run("train --data rows.csv --batch-size 16 --out rows.csv/run", in: folder)
        }
        expectComplaint(outcome, status: 73, saying: ["rows.csv/run", "cannot create"])
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func aFolderThatMayNotBeWrittenIsTold() throws {
        let outcome = try withTemporaryFolder { folder in
            try Data(Trained.rows.utf8).write(to: folder.appendingPathComponent("rows.csv"))
            let locked = folder.appendingPathComponent("locked")
            try FileManager.default.createDirectory(
                at: locked, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o555])
            return try Vae.run("train --data rows.csv --batch-size 16 --out locked/run", in: folder)
        }
        expectComplaint(outcome, status: 73, saying: ["locked/run", "Permission denied"])
    }

    @Test func whatIsNoRunIsTold() throws {
        expectComplaint(
            try outcome(of: "sample nowhere"), status: 66, saying: ["nowhere: not a run folder"])
        expectComplaint(
            try outcome(of: "sample run/figures"), status: 66,
            saying: ["run/figures", "config.json is missing"])
    }

    @Test func anUnknownSettingIsTold() throws {
        let outcome = try outcome(of: "sample run") {
            try edit($0, "\"latents\"", "\"latnets\" : 3, \"latents\"")
        }
        expectComplaint(outcome, status: 78, saying: ["config.json", "latnets", "latents"])
    }

    @Test func aSettingOutOfRangeIsTold() throws {
        let model = try outcome(of: "sample run") { try edit($0, "\"latents\" : 2", "\"latents\" : 0") }
        expectComplaint(model, status: 78, saying: ["config.json", "latents is 0"])
        let training = try outcome(of: "train --resume run --epochs 9") {
            try edit($0, "\"batchSize\" : 16", "\"batchSize\" : 0")
        }
        expectComplaint(training, status: 78, saying: ["config.json", "batchSize is 0"])
    }

    @Test func aRunOfAnotherVersionIsToldInOneLine() throws {
        for line in ["sample run", "train --resume run --epochs 9", "train --config run/config.json"] {
            let outcome = try outcome(of: line) { try edit($0, "\"version\" : 2", "\"version\" : 1") }
            expectComplaint(
                outcome, status: 78,
                saying: ["config.json", "written by version 1; this program reads 2; train anew"])
        }
    }

    @Test func aConfigurationThatIsNoJSONIsTold() throws {
        let outcome = try outcome(of: "inspect run") { try edit($0, "{", "") }
        expectComplaint(outcome, status: 78, saying: ["config.json", "not JSON"])
    }

    @Test func aCheckpointOfAnotherModelIsTold() throws {
        let outcome = try outcome(of: "sample run") { try edit($0, "\"latents\" : 2", "\"latents\" : 3") }
        expectComplaint(outcome, status: 65, saying: ["best.safetensors", "another model"])
    }

    @Test func aTruncatedCheckpointIsTold() throws {
        let outcome = try outcome(of: "sample run") { run in
            let url = best(run)
            try Data(contentsOf: url).dropLast(100).write(to: url)
        }
        expectComplaint(outcome, status: 65, saying: ["best.safetensors", "copied completely"])
    }

    @Test func aDamagedCheckpointIsTold() throws {
        let outcome = try outcome(of: "inspect run/checkpoints/best.safetensors") { run in
            let url = best(run)
            var data = try Data(contentsOf: url)
            data[data.count - 5] ^= 1
            try data.write(to: url)
        }
        expectComplaint(outcome, status: 65, saying: ["best.safetensors", "SHA-256"])
    }

    @Test func aCurrentFolderThatIsGoneIsSaidInOneLine() throws {
        try withTemporaryFolder { folder in
            let outcome = try Vae.shell("mkdir g && cd g && rmdir ../g && \"$VAE\" recipes", in: folder)
            expectComplaint(outcome, status: 66, saying: ["the current folder is gone"])
        }
    }

    @Test func aFinishedRunIsNotResumedWithoutMoreEpochs() throws {
        expectComplaint(
            try outcome(of: "train --resume run"), status: 65, saying: ["all 3 epochs are done", "--epochs"])
    }

    @Test(
        arguments: [
            ("sample run --out x.png", 64, "not images"),
            ("sample run --out gone/x.csv", 73, "gone/x.csv"),
            ("sample run --out x.gif", 64, "ends in .png or .npy or .csv"),
            ("evaluate run --data sprites", 65, "sprites: its elements are bytes"),
            ("evaluate run --data pairs.csv", 65, "pairs.csv: no numeric column \"c\""),
            ("evaluate run --split test", 64, "has no test split; it has training, validation"),
            ("evaluate run --data gone.csv", 66, "gone.csv"),
            ("traverse run --units 2", 64, "the model has units 0 to 1"),
            ("manifold run --units 1,1", 64, "a plane needs two"),
            ("decode run rows.csv", 65, "rows.csv: holds an array of 200×3; expected n×2 codes"),
            ("decode run rows.txt", 64, "ends in .npy or .csv"),
        ] as [(String, Int32, String)])
    func whatAskedForCannotBeIsTold(line: String, status: Int32, complaint: String) throws {
        expectComplaint(try outcome(of: line), status: status, saying: [complaint])
    }

    @Test func aCodeThatIsNotFiniteIsTold() throws {
        let outcome = try outcome(of: "decode run run/z.npy") { run in
            try Sample.npy([3, 2], [0, 1, 2, .nan, 4, 5]).write(to: run.appendingPathComponent("z.npy"))
        }
        expectComplaint(outcome, status: 65, saying: ["z.npy: code 1, unit 1"])
    }
}
