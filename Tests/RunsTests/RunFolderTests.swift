import Formats
import Foundation
import Runs
import TestSupport
import Testing

@Suite("Run folders")
struct RunFolderTests {
    @Test("A new run has its folders and gives back its configuration, also when opened again")
    func roundTrip() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("deep/run")
            for settings in [Settings(), Settings(rate: 0.1 + 0.2, choice: .plain, note: "a/b \"ü\"")] {
                defer { try? FileManager.default.removeItem(at: url) }
                let run = try RunFolder(creating: url, configuration: settings)
                #expect(try entries(of: url) == [".lock", "checkpoints", "config.json", "figures"])
                #expect(try run.configuration(as: Settings.self) == settings)
                #expect(try RunFolder(opening: url).configuration(as: Settings.self) == settings)
            }
        }
    }

    @Test("A run is never overwritten")
    func exists() throws {
        try withRun { run in
            let before = try Data(contentsOf: run.configurationURL)
            let error = #expect(throws: RunsError.exists(path: run.url.path)) {
                try RunFolder(creating: run.url, configuration: Settings(seed: 8))
            }
            #expect("\(try #require(error))".contains("\(run.url.path): a run is already there"))
            #expect(try Data(contentsOf: run.configurationURL) == before)
        }
    }

    @Test("A folder with something else in it can become a run, and nothing in it is lost")
    func occupied() throws {
        try withTemporaryFolder { folder in
            let note = folder.appendingPathComponent("note.txt")
            try Data("mine".utf8).write(to: note)
            _ = try RunFolder(creating: folder, configuration: Settings())
            #expect(try String(contentsOf: note, encoding: .utf8) == "mine")
        }
    }

    @Test("What is no run is not opened; the error says what is missing")
    func notARun() throws {
        try withTemporaryFolder { folder in
            let absent = folder.appendingPathComponent("absent")
            #expect(throws: RunsError.notARun(path: absent.path, missing: "the folder itself")) {
                try RunFolder(opening: absent)
            }
            #expect(throws: RunsError.notARun(path: folder.path, missing: "config.json")) {
                try RunFolder(opening: folder)
            }
        }
    }

    @Test("A folder that cannot be made is named with the system's reason")
    func cannotCreate() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("file")
            try Data().write(to: file)
            let below = file.appendingPathComponent("run")
            #expect(throws: RunsError.cannotCreate(path: below.path, reason: "Not a directory")) {
                try RunFolder(creating: below, configuration: Settings())
            }
            #expect(try entries(of: folder) == ["file"])
        }
    }

    @Test("A changed configuration replaces the old one; one that cannot be written leaves it")
    func replacing() throws {
        try withRun { run in
            try run.replaceConfiguration(Settings(seed: 9))
            #expect(try run.configuration(as: Settings.self) == Settings(seed: 9))

            struct Unwritable: Encodable {
                func encode(to encoder: any Encoder) throws { throw CancellationError() }
            }
            #expect(throws: CancellationError.self) { try run.replaceConfiguration(Unwritable()) }
            #expect(try run.configuration(as: Settings.self) == Settings(seed: 9))
            #expect(try entries(of: run.url) == [".lock", "checkpoints", "config.json", "figures"])
        }
    }
}
