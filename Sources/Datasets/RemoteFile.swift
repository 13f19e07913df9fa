import Formats
import Foundation

/// A file on public mirrors.
package struct RemoteFile: Sendable {
    let name: String
    /// Addresses of the folders that hold it, the preferred one first.
    let mirrors: [String]
    let sha256: String
    /// The checksum is of so many bytes at the end; of the whole when absent.
    let checkedTail: Int?
    /// Whether the files that are wanted have to be unpacked from it.
    let isArchive: Bool

    package init(
        name: String, mirrors: [String], sha256: String, checkedTail: Int? = nil, isArchive: Bool = false
    ) {
        self.name = name
        self.mirrors = mirrors
        self.sha256 = sha256
        self.checkedTail = checkedTail
        self.isArchive = isArchive
    }
}

extension DataLibrary {
    /// The files of a named set: the user's, or cached ones, or else fetched now.
    ///
    /// - Throws: `DatasetsError` when they are neither found nor fetched; `FormatError.file` when the cache cannot
    ///   be written.
    func files(of set: NamedSet) throws -> [URL] {
        guard let home = set.folders.first.map(cache.appendingPathComponent) else { return [] }
        let sought = places(of: set)
        if let files = sought.lazy.compactMap(set.files(in:)).first(where: { !isAnothers($0, than: set) }) {
            return files
        }
        do {
            try createFolder(home)
            for file in set.downloads {
                guard file.isArchive || !home.appendingPathComponent(file.name).exists else { continue }
                try fetch(file, into: home)
            }
        } catch let error as Download.Failure {
            throw DatasetsError.notFound(
                set: set.name, file: set.files[0][0], sought: sought.map(\.path), reason: error.reason,
                remedy: "try again when there is a network, or put the files into a folder and open the set "
                    + "from there")
        }
        guard let files = set.files(in: home) else {
            throw DatasetsError.cannotUnpack(
                file: set.downloads.map(\.name).joined(separator: ", "),
                reason: "\(set.files.map { $0[0] }.joined(separator: ", ")) did not all come out of it")
        }
        return files
    }

    /// The folders in which a named set is sought, the one in the cache last.
    package func places(of set: NamedSet) -> [URL] {
        let cached = set.folders.prefix(1).map(cache.appendingPathComponent)
        guard let directory else { return cached }
        // Sets of the same file names are told apart by the folder: `mnist` is not the place of `fashion-mnist`.
        let isAnother = NamedSet.all.contains {
            $0.folders != set.folders && $0.folders.contains(directory.lastPathComponent)
        }
        return set.folders.map(directory.appendingPathComponent) + (isAnother ? [] : [directory]) + cached
    }

    /// Whether files that lie flat in the user's folder are the originals of another set whose files have the same
    /// names, as those of mnist and fashion-mnist have.
    private func isAnothers(_ files: [URL], than set: NamedSet) -> Bool {
        guard files[0].deletingLastPathComponent().path == directory?.path else { return false }
        let twins = NamedSet.all.filter { $0.files == set.files && $0.name != set.name }
        guard !twins.isEmpty, let sum = try? SHA256.hexDigest(ofFileAt: files[0]) else { return false }
        return twins.contains { $0.downloads[0].sha256 == sum }
    }

    private func fetch(_ file: RemoteFile, into folder: URL) throws {
        let destination = folder.appendingPathComponent(file.name)
        var failure: any Error = Download.Failure(reason: "no mirror is known")
        for mirror in file.mirrors {
            guard let address = URL(string: mirror + file.name) else { continue }
            do {
                try Download.fetch(address, of: file, to: destination, observer: observer)
                if file.isArchive { try unpack(destination, into: folder) }
                return
            } catch let error as Download.Failure {
                failure = error
            } catch let error as DatasetsError {
                failure = error
            }
        }
        throw failure
    }

    /// Unpacks the files of an archive, whatever folder they lie in there, and removes it.
    private func unpack(_ archive: URL, into folder: URL) throws {
        let files = FileManager.default
        let temporary = folder.appendingPathComponent(".unpacking-\(UUID().uuidString)")
        try createFolder(temporary)
        defer {
            try? files.removeItem(at: temporary)
            try? files.removeItem(at: archive)
        }
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tar.arguments = [
            "tar", "-xzf", archive.path, "-C", temporary.path, "--strip-components=1", "--no-same-owner",
        ]
        let messages = Pipe()
        tar.standardError = messages
        do {
            try tar.run()
            let text = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            tar.waitUntilExit()
            guard tar.terminationStatus == 0 else {
                let line = text.split(separator: "\n").first.map(String.init)
                throw DatasetsError.cannotUnpack(
                    file: archive.path, reason: line ?? "tar ended with \(tar.terminationStatus)")
            }
            for name in try files.contentsOfDirectory(atPath: temporary.path) {
                let target = folder.appendingPathComponent(name)
                try? files.removeItem(at: target)
                try files.moveItem(at: temporary.appendingPathComponent(name), to: target)
            }
        } catch let error as DatasetsError {
            throw error
        } catch {
            throw DatasetsError.cannotUnpack(file: archive.path, reason: error.localizedDescription)
        }
    }

    private func createFolder(_ url: URL) throws {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw FormatError.file(path: url.path, .unwritable(code: errno))
        }
    }
}

extension URL {
    fileprivate var exists: Bool { FileManager.default.fileExists(atPath: path) }
}
