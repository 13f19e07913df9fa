import Formats
import Foundation

/// The unit of work on disk: `config.json`, `metrics.jsonl`, `checkpoints/`, `figures/`, `report.html`.
public struct RunFolder: Sendable {
    /// The folder.
    public let url: URL

    /// Everything needed to repeat the run.
    public var configurationURL: URL { url.appendingPathComponent("config.json") }
    /// One JSON object a line.
    public var metricsURL: URL { url.appendingPathComponent("metrics.jsonl") }
    /// The checkpoints.
    public var checkpointsURL: URL { url.appendingPathComponent("checkpoints") }
    /// Pictures.
    public var figuresURL: URL { url.appendingPathComponent("figures") }
    /// The page that shows the run.
    public var reportURL: URL { url.appendingPathComponent("report.html") }

    /// Makes the folder of a new run and writes its configuration.
    ///
    /// - Throws: `RunsError.exists` when a run is there, `.cannotCreate`, or `FormatError.file`.
    public init(creating url: URL, configuration: some Codable) throws {
        self.url = url
        if FileManager.default.fileExists(atPath: configurationURL.path) {
            throw RunsError.exists(path: url.path)
        }
        for folder in [url, checkpointsURL, figuresURL] {
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            } catch {
                throw RunsError.cannotCreate(path: folder.path, reason: Self.reason(error))
            }
        }
        try AtomicFile.write(StrictJSON.encode(configuration), to: configurationURL)
    }

    /// Opens the folder of a run that is there.
    ///
    /// - Throws: `RunsError.notARun`.
    public init(opening url: URL) throws {
        self.url = url
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw RunsError.notARun(path: url.path, missing: "the folder itself")
        }
        guard FileManager.default.fileExists(atPath: configurationURL.path) else {
            throw RunsError.notARun(path: url.path, missing: "config.json")
        }
    }

    /// The configuration; unknown keys are refused.
    ///
    /// - Throws: `RunsError.malformed` or `.unknownSetting`.
    public func configuration<Value: Codable>(as type: Value.Type) throws -> Value {
        let data: Data
        do {
            data = try Data(contentsOf: configurationURL)
        } catch {
            throw RunsError.malformed(path: configurationURL.path, reason: Self.reason(error))
        }
        return try StrictJSON.decode(type, from: data, path: configurationURL.path)
    }

    /// Writes a changed configuration, such as one with more epochs.
    ///
    /// - Throws: `FormatError.file`; the old one then stays.
    public func replaceConfiguration(_ configuration: some Encodable) throws {
        try AtomicFile.write(StrictJSON.encode(configuration), to: configurationURL)
    }

    private static func reason(_ error: any Error) -> String {
        // On Linux the cause is a `POSIXError`, which does not cast to `NSError` by itself.
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
        return cause.map { String(cString: strerror(Int32(($0 as NSError).code))) }
            ?? error.localizedDescription
    }
}
