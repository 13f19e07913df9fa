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

    @Test("One writes a run at a time; reading needs no lock, and a lock that is left behind is free")
    func lock() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("run")
            var writer: RunFolder? = try RunFolder(creating: url, configuration: Settings())
            #expect(throws: RunsError.locked(path: url.path, process: getpid())) {
                try RunFolder(resuming: url)
            }
            #expect(try RunFolder(opening: url).configuration(as: Settings.self) == Settings())
            #expect(writer != nil)
            writer = nil
            try Data("12345\n".utf8).write(to: url.appendingPathComponent(".lock"))
            _ = try RunFolder(resuming: url)
            #expect(try entries(of: url) == ["checkpoints", "config.json", "figures"])
        }
    }

    @Test("A folder is a run from its configuration on; one that was killed before can be made anew")
    func preparing() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("run")
            var killed: RunFolder? = try RunFolder(preparing: url)
            #expect(killed != nil)
            killed = nil
            #expect(throws: RunsError.notARun(path: url.path, missing: "config.json")) {
                try RunFolder(opening: url)
            }
            let run = try RunFolder(creating: url, configuration: Settings())
            #expect(try run.configuration(as: Settings.self) == Settings())
            #expect(throws: RunsError.exists(path: url.path)) { try RunFolder(preparing: url) }
        }
    }

    @Test("Nothing is written through a link of the run")
    func links() throws {
        try withTemporaryFolder { folder in
            let run = try RunFolder(
                creating: folder.appendingPathComponent("run"), configuration: Settings())
            let outside = folder.appendingPathComponent("outside")
            try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: false)
            try FileManager.default.removeItem(at: run.figuresURL)
            try FileManager.default.createSymbolicLink(
                atPath: run.figuresURL.path, withDestinationPath: outside.path)
            #expect(throws: RunsError.foreignFolder(path: run.figuresURL.path, target: outside.path)) {
                try run.write("a", to: run.figuresURL.appendingPathComponent("a.svg"))
            }
            #expect(try entries(of: outside).isEmpty)
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
