import Datasets
import Formats
import Foundation
import Synchronization
import TestSupport
import Testing

/// Needs Python for a server on this machine; no network.
@Suite("Downloads", .enabled(if: FileServer.isAvailable, "python3 serves the files"))
struct DownloadTests {
    static let images = IDX.encode(DataFileTests.bytes([3, 4, 4]))

    /// A set of one IDX file, `digits.idx`.
    static func set(_ files: [RemoteFile], wanting name: String = "digits.idx") -> NamedSet {
        NamedSet(
            name: "digits", summary: "", exampleShape: [1, 4, 4], counts: [3, 0, 0], origin: "", terms: "",
            folders: ["digits"], files: [[name]], downloads: files
        ) { files, _ in
            DataSplits(training: numbers(try IDX.read(files[0]).shape[0]))
        }
    }

    static func file(
        _ name: String = "digits.idx", from mirrors: [String], of data: Data = images, isArchive: Bool = false
    ) -> RemoteFile {
        RemoteFile(name: name, mirrors: mirrors, sha256: SHA256.hexDigest(of: data), isArchive: isArchive)
    }

    /// A served folder, and a library whose cache is another one.
    static func withServer(
        observer: @escaping DataLibrary.DownloadObserver = { _, _, _ in },
        _ body: (_ served: URL, _ address: String, _ library: DataLibrary, _ cache: URL) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let served = folder.appendingPathComponent("served")
            try FileManager.default.createDirectory(at: served, withIntermediateDirectories: true)
            let library = try DataLibrary(environment: ["XDG_CACHE_HOME": folder.path], observer: observer)
            try FileServer.serving(served) { server in
                try body(
                    served, server.address, library, folder.appendingPathComponent("swift-vae/data/digits"))
            }
        }
    }

    static func contents(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test("A file is fetched once and then found in the cache")
    func fetchingOnce() throws {
        let pieces = Mutex<[Int]>([])
        try Self.withServer(observer: { name, bytes, total in
            #expect(name == "digits.idx" && total == Self.images.count)
            pieces.withLock { $0.append(bytes) }
        }) { served, address, library, cache in
            try Self.images.write(to: served.appendingPathComponent("digits.idx"))
            let set = Self.set([Self.file(from: [address])])
            #expect(try set.open(in: library, imageSize: 0).training.count == 3)
            #expect(pieces.withLock { $0.last } == Self.images.count)
            #expect(try Self.contents(cache) == ["digits.idx"])
            try FileManager.default.removeItem(at: served)
            #expect(try set.open(in: library, imageSize: 0).training.count == 3)
        }
    }

    @Test("A mirror that fails or serves something else gives way to the next")
    func mirrors() throws {
        try Self.withServer { served, address, library, _ in
            try served.write(Data("something else".utf8), as: "changed/digits.idx")
            try served.write(Self.images, as: "good/digits.idx")
            let set = Self.set([
                Self.file(from: [
                    address + "absent/", "http://127.0.0.1:1/", address + "changed/", address + "good/",
                ])
            ])
            #expect(try set.open(in: library, imageSize: 0).training.count == 3)
        }
    }

    @Test("What is damaged, cut short, absent or given up leaves nothing behind and is said in a line")
    func nothingIsLeft() throws {
        struct GivenUp: Error {}
        let isGivingUp = Mutex(false)
        try Self.withServer(observer: { _, _, _ in
            if isGivingUp.withLock({ $0 }) { throw GivenUp() }
        }) { served, address, library, cache in
            try served.write(Data("something else".utf8), as: "digits.idx")
            try served.write(Self.images, as: "cut-digits.idx")
            expectLine(["\(address)digits.idx: its SHA-256 is", "into a folder"]) {
                try Self.set([Self.file(from: [address])]).open(in: library, imageSize: 0)
            }
            expectLine(["digits: cut-digits.idx is not in \(cache.path)", "127.0.0.1: "]) {
                try Self.set([Self.file("cut-digits.idx", from: [address])], wanting: "cut-digits.idx")
                    .open(in: library, imageSize: 0)
            }
            expectLine(["digits.idx is not in \(cache.path)", "HTTP 404", "into a folder"]) {
                try Self.set([Self.file(from: [address + "absent/"])]).open(in: library, imageSize: 0)
            }
            expectLine(["digits.idx is not in \(cache.path)", "127.0.0.1: "]) {
                try Self.set([Self.file(from: ["http://127.0.0.1:1/"])]).open(in: library, imageSize: 0)
            }
            isGivingUp.withLock { $0 = true }
            #expect(throws: GivenUp.self) {
                try Self.set([Self.file(from: [address])]).open(in: library, imageSize: 0)
            }
            #expect(try Self.contents(cache) == [])
        }
    }

    @Test("An archive is unpacked and removed; one without the file wanted is refused")
    func archives() throws {
        try Self.withServer { served, address, library, cache in
            try served.write(Self.images, as: "inner/digits.idx")
            let tar = Process()
            tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            tar.currentDirectoryURL = served
            tar.arguments = ["tar", "-czf", "all.tar.gz", "inner"]
            try tar.run()
            tar.waitUntilExit()
            let data = try Data(contentsOf: served.appendingPathComponent("all.tar.gz"))
            let archive = Self.file("all.tar.gz", from: [address], of: data, isArchive: true)
            #expect(try Self.set([archive]).open(in: library, imageSize: 0).training.count == 3)
            #expect(try Self.contents(cache) == ["digits.idx"])
            expectLine(["all.tar.gz", "other.idx did not all come out"]) {
                try Self.set([archive], wanting: "other.idx").open(in: library, imageSize: 0)
            }
            try served.write(Data("no archive".utf8), as: "all.tar.gz")
            let broken = Self.file(
                "all.tar.gz", from: [address], of: Data("no archive".utf8), isArchive: true)
            expectLine(["all.tar.gz: cannot be unpacked"]) {
                try Self.set([broken], wanting: "other.idx").open(in: library, imageSize: 0)
            }
            #expect(try Self.contents(cache) == ["digits.idx"])
        }
    }

    @Test("A checksum may be of the end of a file")
    func tails() throws {
        try Self.withServer { served, address, library, _ in
            try served.write(Self.images, as: "digits.idx")
            let tail = Self.images.suffix(20)
            let good = RemoteFile(
                name: "digits.idx", mirrors: [address], sha256: SHA256.hexDigest(of: tail), checkedTail: 20)
            #expect(try Self.set([good]).open(in: library, imageSize: 0).training.count == 3)
        }
    }

    @Test("A cache that cannot be made is named")
    func unwritableCache() throws {
        try withTemporaryFolder { folder in
            try folder.write(Data(), as: "cache")
            let library = try DataLibrary(
                environment: ["XDG_CACHE_HOME": folder.appendingPathComponent("cache").path])
            expectLine(["cache/swift-vae/data/digits: cannot be written"]) {
                try Self.set([Self.file(from: ["http://127.0.0.1:1/"])]).open(in: library, imageSize: 0)
            }
        }
    }
}
