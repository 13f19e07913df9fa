import Formats
import Foundation

/// The unit of work on disk: `config.json`, `metrics.jsonl`, `checkpoints/`, `figures/`, `report.html`.
public struct RunFolder: Sendable {
    /// The folder.
    public let url: URL

    /// Everything needed to repeat the run.
    public var configurationURL: URL { configurationFile(in: url) }
    /// One JSON object a line.
    public var metricsURL: URL { url.appendingPathComponent("metrics.jsonl") }
    /// The checkpoints.
    public var checkpointsURL: URL { url.appendingPathComponent("checkpoints") }
    /// Pictures.
    public var figuresURL: URL { url.appendingPathComponent("figures") }
    /// The page that shows the run.
    public var reportURL: URL { url.appendingPathComponent("report.html") }

    /// The right to write it; `nil` where it is only read.
    private let lock: RunLock?

    /// Makes the folder of a new run, which becomes a run by `begin(with:)`.
    ///
    /// What is written before that belongs to no run yet: a process that is killed leaves a folder that can be made anew.
    ///
    /// - Throws: `RunsError.exists` when a run is there, `.locked`, `.cannotCreate`, or `FormatError.file`.
    public init(preparing url: URL) throws {
        self.url = url
        let folders = ["checkpoints", "figures"].map { url.appendingPathComponent($0) }
        // A run that is there stays untouched.
        if try FolderEntry.kind(of: configurationFile(in: url)) != nil {
            throw RunsError.exists(path: url.path)
        }
        let parents = try Self.parents(of: url)
        for folder in [url] + folders {
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            } catch {
                throw RunsError.cannotCreate(path: folder.path, reason: Self.reason(error))
            }
        }
        for parent in parents { try AtomicFile.synchronize(folder: parent) }
        lock = try RunLock(url)
        if try FolderEntry.kind(of: configurationFile(in: url)) != nil {
            throw RunsError.exists(path: url.path)
        }
        try removeLeftovers()
    }

    /// Makes the folder a run, by its configuration.
    ///
    /// - Throws: `FormatError.file`.
    public func begin(with configuration: some Codable) throws {
        try write(StrictJSON.encode(configuration), to: configurationURL)
    }

    /// Makes the folder of a new run and writes its configuration.
    ///
    /// - Throws: As `init(preparing:)`.
    public init(creating url: URL, configuration: some Codable) throws {
        try self.init(preparing: url)
        try begin(with: configuration)
    }

    /// Opens the folder of a run that is there, to read it.
    ///
    /// - Throws: `RunsError.notARun`.
    public init(opening url: URL) throws {
        try self.init(url, lock: nil)
    }

    /// Opens the folder of a run that is there, to go on with it.
    ///
    /// - Throws: `RunsError.notARun`, or `.locked` while another process writes it.
    public init(resuming url: URL) throws {
        _ = try RunFolder(opening: url)
        try self.init(url, lock: RunLock(url))
        try removeLeftovers()
    }

    private init(_ url: URL, lock: RunLock?) throws {
        self.url = url
        self.lock = lock
        guard try FolderEntry.kind(of: url) != nil else {
            throw RunsError.notARun(path: url.path, missing: "the folder itself")
        }
        guard try FolderEntry.kind(of: configurationURL) != nil else {
            throw RunsError.notARun(path: url.path, missing: "config.json")
        }
    }

    /// The configuration; unknown keys are refused.
    ///
    /// - Throws: `RunsError.malformed` or `.unknownSetting`; `FormatError.file` where it cannot be read.
    public func configuration<Value: Codable>(as type: Value.Type) throws -> Value {
        try StrictJSON.decode(
            type, from: InputFile.contents(of: configurationURL), path: configurationURL.path)
    }

    /// Writes a changed configuration, such as one with more epochs.
    ///
    /// - Throws: `FormatError.file`; the old one then stays.
    public func replaceConfiguration(_ configuration: some Encodable) throws {
        try write(StrictJSON.encode(configuration), to: configurationURL)
    }

    /// Replaces a file of the run; a link in its place is replaced and not followed.
    ///
    /// - Throws: `FormatError.file`; `RunsError.foreignFolder` where a folder of the run is a link to another one.
    public func write(_ data: Data, to file: URL) throws {
        try checkOwned(file.deletingLastPathComponent())
        try AtomicFile.write(data, to: file, followsLinks: false)
    }

    /// Replaces a file of the run by text.
    ///
    /// - Throws: As `write(_:to:)` of data.
    public func write(_ text: String, to file: URL) throws { try write(Data(text.utf8), to: file) }

    /// Checks that what is written into a folder of the run stays in the run.
    ///
    /// - Throws: `RunsError.foreignFolder`.
    func checkOwned(_ folder: URL) throws {
        guard folder.standardizedFileURL.path != url.standardizedFileURL.path else { return }
        if case .link(let target)? = try FolderEntry.kind(of: folder) {
            throw RunsError.foreignFolder(path: folder.path, target: target)
        }
    }

    /// Removes what killed processes left half-written.
    private func removeLeftovers() throws {
        for folder in [url, checkpointsURL, figuresURL] where try FolderEntry.kind(of: folder) == .folder {
            try AtomicFile.removeLeftovers(in: folder)
        }
        if try FolderEntry.kind(of: checkpointsURL) == .folder { try removeUnnamedCheckpoints() }
    }

    /// The folders above one, from the nearest to the first that is there: the names that are made in them are durable
    /// only when they are synced.
    private static func parents(of folder: URL) throws -> [URL] {
        var parents = [folder.standardizedFileURL.deletingLastPathComponent()]
        while let last = parents.last, last.path != "/", try FolderEntry.kind(of: last) == nil {
            parents.append(last.deletingLastPathComponent())
        }
        return parents
    }

    private static func reason(_ error: any Error) -> String {
        // On Linux the cause is a `POSIXError`, which does not cast to `NSError` by itself.
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
        return cause.map { String(cString: strerror(Int32(($0 as NSError).code))) }
            ?? error.localizedDescription
    }
}

private func configurationFile(in folder: URL) -> URL { folder.appendingPathComponent("config.json") }
