import Formats
import Foundation
import TestSupport
import Testing

@Suite struct AtomicFileTests {
    struct Interruption: Error {}

    static func mode(_ url: URL) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func contentIsReplacedAndNothingElseIsLeft() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.txt")
            try AtomicFile.write("one", to: url)
            try AtomicFile.write("two\n", to: url)
            #expect(try String(contentsOf: url, encoding: .utf8) == "two\n")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.txt"])
        }
    }

    @Test func modeIsThatOfTheOldFileOrOfTheUmask() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.txt")
            let plain = folder.appendingPathComponent("plain")
            #expect(FileManager.default.createFile(atPath: plain.path, contents: nil))
            try AtomicFile.write("one", to: url)
            #expect(try Self.mode(url) == Self.mode(plain))
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: url.path)
            try AtomicFile.write("two", to: url)
            #expect(try Self.mode(url) == 0o640)
        }
    }

    @Test func anInterruptedWriteKeepsTheOldContentAndLeavesNothing() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.txt")
            try AtomicFile.write("old", to: url)
            #expect(throws: Interruption.self) {
                try AtomicFile.write(to: url) { sink in
                    try sink.write(Data("half".utf8))
                    throw Interruption()
                }
            }
            #expect(try String(contentsOf: url, encoding: .utf8) == "old")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.txt"])
        }
    }

    @Test func whatKilledProcessesLeftOfTheSameFileGoes() throws {
        try withTemporaryFolder { folder in
            // No process has a number as high as that.
            let names = [
                ".a.txt.4194305.1.tmp", ".b.txt.4194305.1.tmp", ".a.txt.\(getpid()).1.tmp", ".a.tmp",
            ]
            for name in names { try Data().write(to: folder.appendingPathComponent(name)) }
            try AtomicFile.write("one", to: folder.appendingPathComponent("a.txt"))
            #expect(
                try Set(FileManager.default.contentsOfDirectory(atPath: folder.path))
                    == Set(names.dropFirst() + ["a.txt"]))
        }
    }

    @Test func anInterruptedSystemCallIsMadeAgain() {
        var outcomes: [(result: Int32, code: Int32)] = [(-1, EINTR), (-1, EINTR), (3, 0)]
        let result = uninterrupted {
            let next = outcomes.removeFirst()
            errno = next.code
            return next.result
        }
        #expect(result == 3 && outcomes.isEmpty)
        let failed = uninterrupted {
            errno = EIO
            return -1
        }
        #expect(failed == -1 && errno == EIO)
    }

    @Test func symbolicLinksAreFollowed() throws {
        try withTemporaryFolder { folder in
            let target = folder.appendingPathComponent("target")
            let link = folder.appendingPathComponent("link")
            try AtomicFile.write("one", to: target)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
            try AtomicFile.write("two", to: link)
            #expect(try String(contentsOf: target, encoding: .utf8) == "two")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == target.path)
        }
    }

    @Test func seekingReplacesWhatStandsThere() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a")
            try AtomicFile.write(to: url) { sink in
                try sink.write(Data("abcdef".utf8))
                try sink.seek(to: 2)
                try sink.write(Data("XY".utf8))
            }
            #expect(try String(contentsOf: url, encoding: .utf8) == "abXYef")
        }
    }

    @Test func destinationsThatCannotBeWrittenAreNamed() throws {
        try withTemporaryFolder { folder in
            let absent = folder.appendingPathComponent("no/such/file")
            let first = #expect(throws: FormatError.self) { try AtomicFile.write("x", to: absent) }
            #expect(first == .file(path: absent.path, .unwritable(code: ENOENT)))
            #expect(first?.category == .noOutput)
            #expect("\(try #require(first))".hasSuffix("create the folder first"))

            let second = #expect(throws: FormatError.self) { try AtomicFile.write("x", to: folder) }
            #expect(second == .file(path: folder.path, .unwritable(code: EISDIR)))

            let file = folder.appendingPathComponent("file")
            try AtomicFile.write("x", to: file)
            let below = file.appendingPathComponent("below")
            let third = #expect(throws: FormatError.self) { try AtomicFile.write("x", to: below) }
            #expect(third == .file(path: below.path, .unwritable(code: ENOTDIR)))
        }
        // A rename would replace the device itself.
        let device = URL(fileURLWithPath: "/dev/null")
        #expect(throws: FormatError.file(path: "/dev/null", .notRegularFile)) {
            try AtomicFile.write("x", to: device)
        }
    }

    /// `/dev/full` refuses each write as a full disk does.
    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full, which Linux has"))
    func aFullDiskIsNamed() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let error = #expect(throws: FormatError.self) {
            try FileSink(descriptor: descriptor).write(Data("x".utf8))
        }
        #expect(error == .unwritable(code: ENOSPC))
        #expect("\(try #require(error))".contains("free some space"))
    }
}
