import Formats
import Foundation
import Runs
import Tensors
import TestSupport
import Testing

@Suite("Names of checkpoints")
struct CheckpointNameTests {
    static func checkpoint(_ value: Double) -> Checkpoint {
        var checkpoint = Checkpoint()
        checkpoint.add("model", [("a", Tensor(value))])
        return checkpoint
    }

    static func value(_ run: RunFolder, _ name: CheckpointName) throws -> Double {
        try #require(run.checkpoint(name).section("model")["a"]).scalar()
    }

    static func file(_ step: Int) -> String { String(format: "step-%09d.safetensors", step) }

    @Test("A name is missing until it is saved")
    func missing() throws {
        try withRun { run in
            for name in CheckpointName.standing {
                let isThere = try run.hasCheckpoint(name)
                #expect(!isThere)
                let expected = RunsError.notARun(
                    path: run.url.path, missing: "checkpoints/\(name.rawValue).safetensors")
                #expect(throws: expected) { try run.checkpoint(name) }
            }
        }
    }

    @Test("Names move to the new checkpoint, and only files with a name are kept")
    func moving() throws {
        try withRun { run in
            func expect(latest: Double, best: Double?, files: [Int]) throws {
                #expect(try Self.value(run, .latest) == latest)
                #expect(try run.hasCheckpoint(.best) == (best != nil))
                if let best { #expect(try Self.value(run, .best) == best) }
                let links = (best == nil ? [] : ["best.safetensors"]) + ["latest.safetensors"]
                #expect(try entries(of: run.checkpointsURL) == links + files.map(Self.file))
            }
            try run.save(Self.checkpoint(1), step: 1, as: [.latest])
            try expect(latest: 1, best: nil, files: [1])
            try run.save(Self.checkpoint(2), step: 2, as: [.latest, .best])
            try expect(latest: 2, best: 2, files: [2])
            try run.save(Self.checkpoint(3), step: 3, as: [.latest])
            try expect(latest: 3, best: 2, files: [2, 3])
            try run.save(Self.checkpoint(4), step: 4, as: [.latest])
            try expect(latest: 4, best: 2, files: [2, 4])
            try run.save(Self.checkpoint(5), step: 4, as: [.latest, .best])
            try expect(latest: 5, best: 5, files: [4])
        }
    }

    @Test("The checkpoint of an epoch stays when the others move on, and one that was not kept is named")
    func epochs() throws {
        try withRun { run in
            try run.save(Self.checkpoint(1), step: 1, as: [.latest, .best])
            try run.save(Self.checkpoint(2), step: 2, as: [.latest, .epoch(2)])
            try run.save(Self.checkpoint(3), step: 3, as: [.latest])
            try run.save(Self.checkpoint(10), step: 10, as: [.latest, .epoch(10)])
            #expect(try Self.value(run, .epoch(2)) == 2)
            #expect(try run.checkpointNames() == [.latest, .best, .epoch(2), .epoch(10)])
            let error = RunsError.notKept(
                path: run.url.path, epoch: 3, known: ["latest", "best", "epoch-2", "epoch-10"])
            #expect(throws: error) { try run.checkpoint(.epoch(3)) }
        }
    }

    @Test("Names and their texts are the same", arguments: [.latest, .best, .epoch(12)] as [CheckpointName])
    func texts(_ name: CheckpointName) {
        #expect(CheckpointName(rawValue: name.rawValue) == name)
    }

    @Test("Other texts are no names", arguments: ["", "Latest", "epoch", "epoch-", "epoch-0", "epoch--1"])
    func others(_ text: String) {
        #expect(CheckpointName(rawValue: text) == nil)
    }

    @Test("A run can be moved with its checkpoints: names point within the folder")
    func relocation() throws {
        try withRun { run in
            try run.save(Self.checkpoint(1), step: 1, as: [.latest])
            let moved = run.url.deletingLastPathComponent().appendingPathComponent("elsewhere")
            try FileManager.default.moveItem(at: run.url, to: moved)
            #expect(try Self.value(RunFolder(opening: moved), .latest) == 1)
        }
    }

    @Test("A checkpoint that cannot be written leaves the old ones, by name and by content")
    func failedWrite() throws {
        try withRun { run in
            try run.save(Self.checkpoint(1), step: 1, as: [.latest, .best])
            let before = try entries(of: run.checkpointsURL)
            // A folder where the file should go; permissions would not stop the superuser.
            let blocked = run.checkpointsURL.appendingPathComponent(Self.file(2))
            try FileManager.default.createDirectory(at: blocked, withIntermediateDirectories: false)
            #expect(throws: FormatError.file(path: blocked.path, .unwritable(code: EISDIR))) {
                try run.save(Self.checkpoint(2), step: 2, as: [.latest, .best])
            }
            #expect(try entries(of: run.checkpointsURL) == (before + [Self.file(2)]).sorted())
            #expect(try Self.value(run, .latest) == 1)
            #expect(try Self.value(run, .best) == 1)
        }
    }

    @Test("A name that cannot be moved stays where it was, and the old file is not removed")
    func failedLink() throws {
        try withRun { run in
            try run.save(Self.checkpoint(1), step: 1, as: [.latest, .best])
            let blocked = run.checkpointsURL.appendingPathComponent(".best.link")
            try FileManager.default.createDirectory(at: blocked, withIntermediateDirectories: false)
            let link = run.checkpointURL(.best).path
            #expect(throws: FormatError.file(path: link, .unwritable(code: EEXIST))) {
                try run.save(Self.checkpoint(2), step: 2, as: [.latest, .best])
            }
            #expect(try Self.value(run, .latest) == 1)
            #expect(try Self.value(run, .best) == 1)
            // Once the way is free the next save succeeds; what has no name is left to the next sitting.
            try FileManager.default.removeItem(at: blocked)
            try run.save(Self.checkpoint(3), step: 3, as: [.latest])
            #expect(
                try entries(of: run.checkpointsURL)
                    == ["best.safetensors", "latest.safetensors"] + [1, 2, 3].map(Self.file))
        }
    }

    @Test("The next sitting removes what a killed process left, and nothing else")
    func leftovers() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("run")
            var run: RunFolder? = try RunFolder(creating: url, configuration: Settings())
            let checkpoints = url.appendingPathComponent("checkpoints")
            try run?.save(Self.checkpoint(1), step: 1, as: [.latest])
            try Self.checkpoint(2).write(to: checkpoints.appendingPathComponent(Self.file(2)))
            let foreign = ["step-mine.safetensors", Self.file(7), "notes.txt", ".best.note"]
            for name in foreign {
                try Data("mine".utf8).write(to: checkpoints.appendingPathComponent(name))
            }
            try Data().write(to: checkpoints.appendingPathComponent(".\(Self.file(3)).99999999.5.tmp"))
            try FileManager.default.createSymbolicLink(
                atPath: checkpoints.path + "/.best.link", withDestinationPath: Self.file(2))
            run = nil
            _ = try RunFolder(resuming: url)
            #expect(
                try entries(of: checkpoints) == (foreign + ["latest.safetensors", Self.file(1)]).sorted())
        }
    }
}
