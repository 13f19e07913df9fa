import Classical
import Datasets
import Formats
import Foundation
import Runs
import Tensors

/// A model that was fitted to data in closed steps and is kept in one file, where a trained one has a run folder.
///
/// The file is JSON. Every one has `"version": 1` and the name of its `"model"`; what else it has, the structs below say
/// key by key. A key that they do not know is refused.
public enum ModelFile: Sendable {
    /// `"model": "k-means"`.
    case kMeans(KMeans, FitSummary)
    /// `"model": "gaussian-mixture"`.
    case gaussianMixture(GaussianMixture, FitSummary)

    /// What is told of any of them.
    public struct FitSummary: Codable, Sendable, Equatable {
        /// What it was fitted to.
        public var source: FitSource
        /// To how many rows.
        public var rows: Int
        /// How good it is by its own measure, by name: `inertia`, or `logLikelihood`, `bic` and `aic` in nats.
        public var measures: [String: Double]

        /// A summary.
        public init(source: FitSource, rows: Int, measures: [String: Double]) {
            self.source = source
            self.rows = rows
            self.measures = measures
        }
    }

    /// What it was fitted to, and how good it is.
    public var summary: FitSummary {
        switch self {
        case .kMeans(_, let summary), .gaussianMixture(_, let summary): summary
        }
    }

    /// Whether a path leads to a file, as a model's does, and not to a run folder or nowhere.
    public static func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }

    /// Reads a model.
    ///
    /// - Throws: `ModelFileError`, or `FormatError.file` where it cannot be read.
    public init(readingFrom url: URL) throws {
        let path = url.relativePath
        let data = try InputFile.contents(of: url)
        guard let head = try? JSONDecoder().decode(Head.self, from: data) else {
            throw ModelFileError.malformed(path: path, reason: "it lacks 'version' and 'model'")
        }
        guard head.version == 1 else {
            throw ModelFileError.unsupported(path: path, what: "version \(head.version)", known: "version 1")
        }
        switch head.model {
        case KMeansFile.name: self = try Self.decode(KMeansFile.self, data, path).model(path: path)
        case MixtureFile.name: self = try Self.decode(MixtureFile.self, data, path).model(path: path)
        default:
            throw ModelFileError.unsupported(
                path: path, what: "the model '\(head.model.prefix(40))'",
                known: [KMeansFile.name, MixtureFile.name].joined(separator: ", "))
        }
    }

    /// Writes the model; an old file stays until the new one is complete.
    ///
    /// - Throws: `FormatError.file`.
    public func write(to url: URL) throws {
        let data =
            switch self {
            case .kMeans(let model, let summary): try StrictJSON.encode(KMeansFile(model, summary))
            case .gaussianMixture(let model, let summary): try StrictJSON.encode(MixtureFile(model, summary))
            }
        try AtomicFile.write(data + Data("\n".utf8), to: url)
    }

    private struct Head: Decodable {
        let version: Int
        let model: String
    }

    private static func decode<File: Codable>(_ type: File.Type, _ data: Data, _ path: String) throws -> File
    {
        do {
            return try StrictJSON.decode(type, from: data, path: path)
        } catch RunsError.malformed(_, let reason) {
            throw ModelFileError.malformed(path: path, reason: reason)
        } catch RunsError.unknownSetting(_, let key, let known) {
            throw ModelFileError.unknownKey(path: path, key: key, known: known)
        }
    }
}
